// Hands argv and the real world to cli.
#include "cli/run.h"

int main(int argc, char** argv) { return tailrace::cli::run(argc, argv); }
