namespace Weft.CommandLine;

/// <summary>A command failed. The message is one line for stderr; the exit code is 1.</summary>
internal class CommandFailure(string message) : Exception(message);
