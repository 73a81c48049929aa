using System.CommandLine;
using Weft.CommandLine;
using Weft.CommandLine.Help;

namespace Weft.Serve;

/// <summary><c>weft serve</c>: the coordinator, in the foreground.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var command = new Command("serve",
            "Start the coordinator. Each option can also be set by a variable (WEFT_PORT) or in weft.json " +
            "(\"port\": 8080).");
        AddTo(command);
        command.SetAction((flags, _) => RunAsync(flags, port: null));
        return command.WithExamples(
            "weft serve --port 9000 --data weft-data",
            "weft serve --lab",
            "weft serve --host 0.0.0.0 --tls-cert cert.pem --tls-key key.pem",
            "WEFT_STORE='Host=localhost;Database=weft' weft serve");
    }

    /// <summary>Whether a command runs the coordinator, which doesn't stop if its output can't be written.</summary>
    public static bool Is(Command command) => command is RootCommand or { Name: "serve" };

    public static void AddTo(Command command)
    {
        foreach (var setting in ServeSettings.All) command.Options.Add(setting.Option);
    }

    public static async Task<int> RunAsync(ParseResult flags, int? port)
    {
        var options = new ServeOptions();
        var file = ServeSettings.ReadFile(ServeSettings.FileName);
        foreach (var setting in ServeSettings.All)
            setting.Apply(flags, Environment.GetEnvironmentVariable, file, options);
        if (port is { } given) options.Port = given;
        if (file.Count > 0) options.File = ServeSettings.FileName;
        ServeSettings.Complete(options);

        SocketThreads.RunRequests(options);
        var tokensFile = Console.IsOutputRedirected ? FirstTokensFile.Find(options) : null;
        await using var coordinator =
            await Coordinator.StartAsync(options, makesTokens: tokensFile is not null || !Console.IsOutputRedirected);
        Banner.Print(Console.Out, coordinator, options, tokensFile);
        await coordinator.RunAsync();
        Console.Out.WriteLine("Stopped.");
        return ExitCode.Ok;
    }
}
