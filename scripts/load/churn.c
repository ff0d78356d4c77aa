/*
 * Containers that come and go, as far as a kernel knows of them: churn COUNT FOLDER CHILD
 *
 * For each, a cgroup FOLDER/<64 hexadecimal digits> is made, CHILD runs in it, and it is removed again. The number
 * of containers is printed. FOLDER is a cgroup of either hierarchy, e.g. /sys/fs/cgroup/cpuset/test/docker.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* A cpuset of the first version has no processors and no memory until it is told which. */
static void inherit(const char *folder, const char *file)
{
	char path[512], value[128];
	ssize_t bytes;
	int fd;

	snprintf(path, sizeof(path), "%s/../%s", folder, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	bytes = fd < 0 ? -1 : read(fd, value, sizeof(value));
	if (fd >= 0)
		close(fd);
	snprintf(path, sizeof(path), "%s/%s", folder, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd >= 0) {
		if (bytes > 0 && write(fd, value, bytes) != bytes)
			perror("churn: cpuset");
		close(fd);
	}
}

static int run_in(const char *folder, const char *child)
{
	char path[512];
	int fd, status;
	pid_t pid;

	snprintf(path, sizeof(path), "%s/cgroup.procs", folder);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		char *const arguments[] = {"storm-child", "contained", NULL}, *const environment[] = {NULL};

		if (write(fd, "0", 1) == 1)
			execve(child, arguments, environment);
		_exit(99);
	}
	close(fd);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return status;
}

int main(int argc, char **argv)
{
	char folder[400];
	long count, made;

	if (argc != 4) {
		fprintf(stderr, "usage: churn COUNT FOLDER CHILD\n");
		return 2;
	}
	count = atol(argv[1]);
	for (made = 0; made < count; made++) {
		/* Ids that differ in their first 12 digits, which are all that Falco shows. */
		unsigned long number = (unsigned long)getpid() << 32 | made;

		snprintf(folder, sizeof(folder), "%s/%04lx%08lx%052lx", argv[2], number >> 32 & 0xffff, number & 0xffffffff,
			 number);
		if (mkdir(folder, 0755)) {
			perror("churn: mkdir");
			return 1;
		}
		inherit(folder, "cpuset.cpus");
		inherit(folder, "cpuset.mems");
		if (run_in(folder, argv[3])) {
			fprintf(stderr, "churn: a process did not run in %s\n", folder);
			return 1;
		}
		/* The last process of a cgroup may take a moment to go. */
		for (int tries = 0; rmdir(folder) && errno == EBUSY && tries < 1000; tries++)
			usleep(1000);
	}
	printf("containers %ld\n", made);
	return 0;
}
