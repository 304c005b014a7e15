#include "cli/app.h"

int main(int argc, char** argv) { return synthmill::cli::Main(argc, argv); }
