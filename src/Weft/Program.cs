using Weft.Cli;
using Weft.CommandLine.Terminal;

ClosedDescriptors.OpenToNothing();
StandardStreams.Use();
return await WeftCommand.RunAsync(args);
