// Runs a program and says what it cost: "user_us system_us wall_us peak_kib". It is as small as a program can be, since
// the kernel counts the memory of whoever starts a program into the peak of the program.
//     measure OUTPUT-FILE INPUT-FILE PROGRAM [ARGUMENT…]        what the program prints is thrown away
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char** environ;

static long long microseconds(struct timeval time) { return time.tv_sec * 1000000LL + time.tv_usec; }

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000LL + time.tv_nsec / 1000;
}

int main(int count, char** words) {
  if (count < 4) return 2;
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, words[2], O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  const long long start = now();
  pid_t child = 0;
  if (posix_spawnp(&child, words[3], &files, NULL, words + 3, environ) != 0) return 1;
  int status = 0;
  struct rusage usage;
  if (wait4(child, &status, 0, &usage) != child) return 1;
  const long long wall = now() - start;
  FILE* output = fopen(words[1], "w");
  if (output == NULL) return 1;
  fprintf(output, "%lld %lld %lld %ld\n", microseconds(usage.ru_utime), microseconds(usage.ru_stime), wall,
          usage.ru_maxrss);
  return fclose(output) == 0 ? 0 : 1;
}
