using System.CommandLine;
using Weft.CommandLine;

namespace Weft.Cli.Modules.Engine;

/// <summary>
/// <c>weft module-host</c>, which only <c>weft worker --modules</c> starts: it runs modules that it receives on its
/// stdin, one after another, or compiles one. It has no token, no address and no files except the engine's and the
/// compiled code.
/// </summary>
internal static class ModuleHostCommand
{
    public const string Name = "module-host";

    /// <summary>Compile the one module on stdin, and exit.</summary>
    public const string CompileOption = "--compile";

    /// <summary>The engine's library.</summary>
    public const string EngineOption = "--engine";

    /// <summary>More than any module, or a task's payload with everything around it.</summary>
    public const int FrameBytesMax = 256 << 20;

    // Reservations of 4 GiB each for a memory and for exceptions, with their guard pages, and the engine's own.
    private const long RunBytesMax = 12L << 30;

    // A compiler needs many times the module's size.
    private const long CompileBytesMax = 3L << 30;

    public static Command Create()
    {
        var engine = new Option<string>(EngineOption) { Required = true };
        var compiles = new Option<bool>(CompileOption);
        var command = new Command(Name) { engine, compiles };
        command.Hidden = true;
        command.SetAction(flags => Run(flags.GetRequiredValue(engine), flags.GetValue(compiles)));
        return command;
    }

    private static int Run(string library, bool compiles)
    {
        ModuleWalls.EndWithStdin();
        using var stdin = Console.OpenStandardInput();
        using var stdout = Console.OpenStandardOutput();
        var engine = new WasmtimeEngine(library);
        ModuleWalls.Close(compiles ? CompileBytesMax : RunBytesMax);
        if (compiles) return Compile(engine, stdin, stdout);
        using var host = new ModuleHost(engine, stdout, TimeProvider.System);
        while (ModuleFrames.Read(stdin, FrameBytesMax) is var (_, frame))
        {
            var (answer, body) = host.Run(ModuleRunFrame.Read(frame));
            ModuleFrames.Write(stdout, (byte)answer, body);
        }

        return ExitCode.Ok;
    }

    private static int Compile(WasmtimeEngine engine, Stream stdin, Stream stdout)
    {
        if (ModuleFrames.Read(stdin, FrameBytesMax) is not var (_, module)) return ExitCode.Failed;
        try
        {
            engine.Compile(module, stdout);
            return ExitCode.Ok;
        }
        catch (EngineException refused)
        {
            Console.Error.WriteLine(refused.Message);
            return ExitCode.Failed;
        }
    }
}
