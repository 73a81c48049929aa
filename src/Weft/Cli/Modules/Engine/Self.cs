namespace Weft.Cli.Modules.Engine;

/// <summary>How to start this program again.</summary>
internal static class Self
{
    public static string Program { get; } = Environment.ProcessPath!;

    /// <summary>The first arguments: the program's file if it runs on a runtime.</summary>
    public static string[] Arguments { get; } =
        Path.GetFileNameWithoutExtension(Program) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
}
