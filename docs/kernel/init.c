/* SPDX-License-Identifier: MIT */
/* The first process of the booted kernel: loads the driver, whose suites run then, and runs every program of user space. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void run(const char *name)
{
	char path[300];
	int status = 0;

	snprintf(path, sizeof(path), "/programs/%s", name);
	printf("PROGRAM %s: ", name);
	fflush(stdout);
	if (fork() == 0) {
		execl(path, path, NULL);
		_exit(127);
	}
	wait(&status);
	printf("EXIT %s %d\n", name, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

int main(void)
{
	struct dirent **names;
	int count;

	mount("proc", "/proc", "proc", 0, NULL);
	mount("sys", "/sys", "sysfs", 0, NULL);
	if (syscall(SYS_finit_module, open("/pmu.ko", O_RDONLY), "", 0) != 0)
		perror("finit_module");
	count = scandir("/programs", &names, NULL, alphasort);
	for (int number = 0; number < count; number++)
		if (names[number]->d_name[0] != '.')
			run(names[number]->d_name);
	fflush(stdout);
	reboot(RB_POWER_OFF);
	return 0;
}
