namespace Weft.Cli.Modules.Engine;

/// <summary>This program, as it can be started again.</summary>
internal static class Self
{
    public static string Program { get; } = Environment.ProcessPath!;

    /// <summary>What comes before its own: its file, where a runtime runs it.</summary>
    public static string[] Arguments { get; } =
        Path.GetFileNameWithoutExtension(Program) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
}
