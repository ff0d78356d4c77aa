/*
 * The loads of bench-live.sh that are system calls: load NAME SECONDS PER_MS
 *
 * Calls are made in batches of 500; between two of them the program sleeps so that there are at most PER_MS
 * operations in a millisecond, which a watcher can follow: one that drops events looks cheaper than it is. What is
 * measured is the CPU time of this thread in a batch, so neither sleeping nor other programs count. Prints how many
 * operations there were, and ns of each: minimum and median of the batches.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BATCH 500
#define MAX_BATCHES 1000000

static double now_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * 1e9 + now.tv_nsec;
}

static void ask_parent(void)
{
	syscall(SYS_getppid);
}

static void open_close(void)
{
	syscall(SYS_close, syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY));
}

static void open_missing(void)
{
	syscall(SYS_openat, AT_FDCWD, "/no/such/file", O_RDONLY);
}

static void fcntl_flags(void)
{
	syscall(SYS_fcntl, 2, F_GETFL);
}

static void spawn_true(void)
{
	char *arguments[] = {"/bin/true", NULL};
	char *environment[] = {NULL};
	pid_t child;

	if (posix_spawn(&child, arguments[0], NULL, NULL, arguments, environment))
		exit(1);
	waitpid(child, NULL, 0);
}

/* `clock` is the wall clock where the time is spent by another process. */
static const struct load {
	const char *name;
	void (*once)(void);
	int batch;
	clockid_t clock;
} LOADS[] = {
	{"getppid", ask_parent, BATCH, CLOCK_THREAD_CPUTIME_ID},
	{"open+close", open_close, BATCH, CLOCK_THREAD_CPUTIME_ID},
	{"open-missing", open_missing, BATCH, CLOCK_THREAD_CPUTIME_ID},
	{"fcntl", fcntl_flags, BATCH, CLOCK_THREAD_CPUTIME_ID},
	{"spawn", spawn_true, 1, CLOCK_MONOTONIC},
};

static int compare(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

static void run(const struct load *load, double seconds, double per_ms)
{
	double *times = malloc(MAX_BATCHES * sizeof(*times));
	double start = now_ns(CLOCK_MONOTONIC), before, ahead;
	size_t batches = 0;
	int index;

	while (batches < MAX_BATCHES && now_ns(CLOCK_MONOTONIC) - start < seconds * 1e9) {
		before = now_ns(load->clock);
		for (index = 0; index < load->batch; index++)
			load->once();
		times[batches++] = (now_ns(load->clock) - before) / load->batch;
		ahead = batches * load->batch / per_ms * 1e6 - (now_ns(CLOCK_MONOTONIC) - start);
		if (ahead > 0)
			usleep(ahead / 1e3);
	}
	qsort(times, batches, sizeof(*times), compare);
	printf("%zu %.0f %.0f\n", batches * load->batch, times[0], times[batches / 2]);
}

int main(int count, char **arguments)
{
	size_t index;

	for (index = 0; count == 4 && index < sizeof(LOADS) / sizeof(*LOADS); index++) {
		if (strcmp(LOADS[index].name, arguments[1]) == 0) {
			run(&LOADS[index], atof(arguments[2]), atof(arguments[3]));
			return 0;
		}
	}
	fprintf(stderr, "load: NAME SECONDS PER_MS\n");
	return 2;
}
