using Weft.Cli;
using Weft.Cli.Terminal;

ClosedDescriptors.OpenToNothing();
StandardStreams.Use();
return await WeftCommand.RunAsync(args);
