/*
 * Makes as many system calls as a machine can, and counts them: storm SECONDS EXECERS OPENERS CHILD FOLDER
 *
 * EXECERS processes start CHILD one after the other (vfork, execve) and wait for it; OPENERS threads open and close
 * files of FOLDER by openat2(2), which hardly anybody else on a machine calls. What was done is printed as
 * `name count`, one a line. Every MARK_EVERYth child gets `mark` as its argument and makes one call each of
 * setuid(2), connect(2), bpf(2) and init_module(2).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MARK_EVERY 64
#define MAX_WORKERS 64

struct totals {
	atomic_ulong execs, marks, opens, failed_opens;
	atomic_int stop;
};

static struct totals *totals;
static const char *child, *folder;

static void exec_storm(void)
{
	char *const plain[] = {"storm-child", "plain", NULL}, *const mark[] = {"storm-child", "mark", NULL};
	char *const environment[] = {"STORM=1", NULL};
	unsigned long execs = 0, marks = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (!atomic_load_explicit(&totals->stop, memory_order_relaxed)) {
		int marked = execs % MARK_EVERY == 0, status;
		pid_t pid = vfork();

		if (pid == 0) {
			execve(child, marked ? mark : plain, environment);
			_exit(99);
		}
		if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status)) {
			fprintf(stderr, "storm: a child was not started or failed\n");
			_exit(1);
		}
		execs++;
		marks += marked;
	}
	atomic_fetch_add(&totals->execs, execs);
	atomic_fetch_add(&totals->marks, marks);
	_exit(0);
}

static void *open_storm(void *argument)
{
	struct open_how how = {.flags = O_RDONLY | O_CLOEXEC};
	unsigned long opens = 0, failed = 0;
	char here[256], gone[256];

	snprintf(here, sizeof(here), "%s/file-%ld", folder, (long)(intptr_t)argument);
	snprintf(gone, sizeof(gone), "%s/no-such-file", folder);
	close(open(here, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	while (!atomic_load_explicit(&totals->stop, memory_order_relaxed)) {
		int fd = syscall(SYS_openat2, AT_FDCWD, here, &how, sizeof(how));

		opens++;
		if (fd < 0) {
			perror("storm: openat2");
			exit(1);
		}
		close(fd);
		if (opens % 8 == 0) {
			syscall(SYS_openat2, AT_FDCWD, gone, &how, sizeof(how));
			failed++;
		}
	}
	atomic_fetch_add(&totals->opens, opens);
	atomic_fetch_add(&totals->failed_opens, failed);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t openers[MAX_WORKERS];
	pid_t execers[MAX_WORKERS];
	struct timespec start, end;
	int workers, threads, status, failed = 0;
	double seconds;

	if (argc != 6) {
		fprintf(stderr, "usage: storm SECONDS EXECERS OPENERS CHILD FOLDER\n");
		return 2;
	}
	workers = atoi(argv[2]);
	threads = atoi(argv[3]);
	child = argv[4];
	folder = argv[5];
	if (workers > MAX_WORKERS || threads > MAX_WORKERS)
		return 2;
	totals = mmap(NULL, sizeof(*totals), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (totals == MAP_FAILED)
		return 1;
	clock_gettime(CLOCK_MONOTONIC, &start);
	for (int i = 0; i < workers; i++) {
		execers[i] = fork();
		if (execers[i] == 0)
			exec_storm();
	}
	for (long i = 0; i < threads; i++)
		pthread_create(&openers[i], NULL, open_storm, (void *)(intptr_t)i);
	usleep((useconds_t)(atof(argv[1]) * 1e6));
	atomic_store(&totals->stop, 1);
	for (int i = 0; i < threads; i++)
		pthread_join(openers[i], NULL);
	for (int i = 0; i < workers; i++) {
		waitpid(execers[i], &status, 0);
		failed |= status;
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	seconds = (end.tv_sec - start.tv_sec) + (end.tv_nsec - start.tv_nsec) / 1e9;
	printf("seconds %.3f\nexecs %lu\nmarks %lu\nopens %lu\nfailed_opens %lu\n", seconds, totals->execs,
	       totals->marks, totals->opens, totals->failed_opens);
	return failed != 0;
}
