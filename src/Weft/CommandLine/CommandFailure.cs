namespace Weft.CommandLine;

/// <summary>A command can't do what it was asked. The message is one line for stderr; the exit code is 1.</summary>
internal class CommandFailure(string message) : Exception(message);
