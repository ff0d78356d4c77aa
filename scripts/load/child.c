/*
 * The smallest program there is: what storm.c starts thousands of times a second. Without a C library, whose start
 * would take longer than the program. With `mark` as its argument it makes one call of each kind that must not be
 * lost.
 */
#define _GNU_SOURCE
#include <asm/unistd.h>

#if defined(__x86_64__)
static long call3(long number, long a, long b, long c)
{
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c)
			 : "rcx", "r11", "memory");
	return result;
}
__asm__(".globl _start\n_start:\n\tmov %rsp, %rdi\n\tand $-16, %rsp\n\tcall run\n");
#elif defined(__aarch64__)
static long call3(long number, long a, long b, long c)
{
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;

	__asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
	return x0;
}
__asm__(".globl _start\n_start:\n\tmov x0, sp\n\tbl run\n");
#endif

__attribute__((used)) static void run(const long *stack)
{
	const char *const *arguments = (const char *const *)(stack + 1);

	if (stack[0] == 2 && arguments[1][0] == 'm') {
		struct {
			unsigned short family;
			char path[14];
		} nobody = {1, "/no-such-sock"};
		long socket = call3(__NR_socket, 1, 1, 0);

		call3(__NR_setuid, 0, 0, 0);
		call3(__NR_connect, socket, (long)&nobody, sizeof(nobody));
		call3(__NR_bpf, 1000, 0, 0);
		call3(__NR_init_module, 0, 0, 0);
	}
	for (;;)
		call3(__NR_exit, 0, 0, 0);
}
