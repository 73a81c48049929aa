using System.CommandLine;
using Weft.Cli;

namespace Weft.Serve;

/// <summary><c>weft serve</c>: the coordinator, in the foreground.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var command = new Command("serve", "Start the coordinator. Each option is also a variable WEFT_… (WEFT_PORT) and a line of weft.json (\"port\": 8080).");
        AddTo(command);
        command.SetAction((flags, _) => RunAsync(flags, port: null));
        return command;
    }

    public static void AddTo(Command command)
    {
        foreach (var setting in ServeSettings.All) command.Options.Add(setting.Option);
    }

    public static async Task<int> RunAsync(ParseResult flags, int? port)
    {
        var options = new ServeOptions();
        var file = ServeSettings.ReadFile(ServeSettings.FileName);
        foreach (var setting in ServeSettings.All) setting.Apply(flags, Environment.GetEnvironmentVariable, file, options);
        if (port is { } given) options.Port = given;
        ServeSettings.Complete(options);

        SocketThreads.RunRequests(options);
        await using var coordinator = await Coordinator.StartAsync(options);
        Banner.Print(Console.Out, coordinator.Url, coordinator.Place, options, coordinator.FirstTokens);
        await coordinator.RunAsync();
        return ExitCode.Ok;
    }
}
