/*
 * Does what no shell can do, under any name that it is started by: `actor VERB [ARGUMENT]...`. A verb that it does not
 * know does nothing, so that a copy called nmap may be started as nmap would be. Static: it runs in containers too.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static struct sockaddr_in address_of(const char *ip, const char *port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(port))};

	inet_pton(AF_INET, ip, &address.sin_addr);
	return address;
}

static void reach(int type, char **words)
{
	struct sockaddr_in address = address_of(words[0], words[1]);

	connect(socket(AF_INET, type | SOCK_NONBLOCK, 0), (void *)&address, sizeof(address));
}

/* A connection within this process, given to descriptor `fd` as a remote shell's would be. */
static void redirect(int fd)
{
	struct sockaddr_in address = address_of("127.0.0.1", "0");
	socklen_t length = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);

	bind(listener, (void *)&address, length);
	listen(listener, 1);
	getsockname(listener, (void *)&address, &length);
	connect(client, (void *)&address, length);
	dup2(client, fd);
}

/* Listens at a port of the loopback and answers one connection of its own. */
static void serve(const char *port)
{
	struct sockaddr_in address = address_of("127.0.0.1", port);
	int listener = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);

	bind(listener, (void *)&address, sizeof(address));
	listen(listener, 1);
	connect(client, (void *)&address, sizeof(address));
	if (write(accept(listener, NULL, NULL), "hello", 5) < 0)
		exit(1);
}

static void run(char **words)
{
	if (fork() == 0) {
		execvp(words[0], words);
		_exit(127);
	}
	wait(NULL);
}

static void run_from_memory(void)
{
	char *words[] = {"unseen", NULL}, *environment[] = {getenv("IW_ACTION") - strlen("IW_ACTION="), NULL};
	char bytes[65536], path[64];
	int self = open("/proc/self/exe", O_RDONLY), memory = syscall(SYS_memfd_create, "payload", 0);
	ssize_t count;

	while ((count = read(self, bytes, sizeof(bytes))) > 0)
		if (write(memory, bytes, count) != count)
			exit(1);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", memory);
	execve(path, words, environment);
}

static void attach(void)
{
	pid_t child = fork();

	if (child == 0) {
		pause();
		_exit(0);
	}
	ptrace(PTRACE_ATTACH, child, 0, 0);
	kill(child, SIGKILL);
	waitpid(child, NULL, __WALL);
}

static void become_nobody(void)
{
	if (setgid(65534) != 0 || syscall(SYS_setuid, 65534) != 0)
		exit(1);
}

int main(int count, char **words)
{
	const char *verb = count > 1 ? words[1] : "";
	char attributes[128] = {0};

	if (!strcmp(verb, "run") && count > 2)
		run(words + 2);
	else if (!strcmp(verb, "open") && count > 2)
		open(words[2], O_RDONLY);
	else if (!strcmp(verb, "open-later") && count > 3)
		sleep(atoi(words[2])), open(words[3], O_RDONLY);
	else if (!strcmp(verb, "write") && count > 2)
		open(words[2], O_WRONLY | O_CREAT, 0600);
	else if (!strcmp(verb, "udp") && count > 3)
		reach(SOCK_DGRAM, words + 2);
	else if (!strcmp(verb, "tcp") && count > 3)
		reach(SOCK_STREAM, words + 2);
	else if (!strcmp(verb, "serve") && count > 2)
		serve(words[2]);
	else if (!strcmp(verb, "redirect") && count > 2)
		redirect(atoi(words[2]));
	else if (!strcmp(verb, "packet"))
		socket(AF_PACKET, SOCK_RAW, 0);
	else if (!strcmp(verb, "memory"))
		run_from_memory();
	else if (!strcmp(verb, "attach"))
		attach();
	else if (!strcmp(verb, "traceme"))
		ptrace(PTRACE_TRACEME, 0, 0, 0);
	else if (!strcmp(verb, "setns"))
		syscall(SYS_setns, open("/proc/self/ns/net", O_RDONLY), 0);
	else if (!strcmp(verb, "unshare"))
		syscall(SYS_unshare, 0x20000 /* CLONE_NEWNS */);
	else if (!strcmp(verb, "root-again"))
		become_nobody(), syscall(SYS_setuid, 0);
	else if (!strcmp(verb, "faults"))
		become_nobody(), syscall(SYS_userfaultfd, 1 /* UFFD_USER_MODE_ONLY */);
	else if (!strcmp(verb, "bpf"))
		syscall(SYS_bpf, 5 /* BPF_PROG_LOAD */, attributes, sizeof(attributes));
	else if (!strcmp(verb, "module"))
		syscall(SYS_init_module, "no module", 9L, "");
	else if (!strcmp(verb, "module-file") && count > 2)
		syscall(SYS_finit_module, open(words[2], O_RDONLY), "", 0);
	return 0;
}
