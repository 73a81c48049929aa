using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Weft.Cli.Modules.Engine;

/// <summary>
/// Runs modules one after another, and reports how each ended, in the same words as the worker page (compute.js).
/// </summary>
internal sealed partial class ModuleHost(WasmtimeEngine engine, Stream answers, TimeProvider time) : IDisposable
{
    private const int StdoutBytesMax = 8 << 20;
    private const int ModulesMax = 16;
    private const double NearlyFull = 0.75;

    // EX_DATAERR of sysexits.h, as for `weft worker --exec`: the payload itself is invalid.
    private const uint WrongData = 65;

    private readonly Wasi _system = new(time, StdoutBytesMax);
    private readonly Dictionary<string, WasmtimeModule> _modules = new(StringComparer.Ordinal);

    public (ModuleAnswer Answer, byte[] Body) Run(ModuleRunFrame run)
    {
        WasmtimeModule module;
        try
        {
            module = Find(run.Path);
        }
        catch (EngineException exception)
        {
            return Say(ModuleAnswer.Unusable, exception.Message);
        }

        using var files = run.Files is null ? null : new WasiFileTree(run.Files, (long)run.OutMb << 20);
        _system.Reset(run.Stdin, [.. run.Arguments.Prepend("task").Select(Terminated)],
            [.. run.Environment.Select(static each => Terminated($"{each.Key}={each.Value}"))], run.IsFixed,
            files);
        long memoryBytes = 0;
        try
        {
            var trap = engine.Run(module, run.Start, (long)run.MemoryMb << 20, _system, out memoryBytes);
            if (_system.End is null && trap is not null)
            {
                return Fail(trap == WasmtimeEngine.Thrown
                    ? "The module ended with an uncaught exception" : $"The module trapped: {trap}", run, memoryBytes);
            }
        }
        catch (EngineException exception) when (_system.End is null)
        {
            return Say(ModuleAnswer.Error, $"The module could not be started: {exception.Message}");
        }
        catch (EngineException)
        {
            // The module has already ended, and that outcome counts.
        }

        if (_system.End is { Error: { } error }) return Fail(error, run, memoryBytes);
        if (_system.End is { ExitCode: { } code and not 0 })
        {
            return Fail($"Exit code {code}", run, memoryBytes, isFinal: code == WrongData);
        }
        if (files is not null) HandOver(files);
        return (ModuleAnswer.Output, _system.Output.ToArray());
    }

    public void Dispose() => _system.Dispose();

    // Sent before the answer, in pieces: the worker stores them, since this process can't write files.
    private void HandOver(WasiFileTree files)
    {
        var piece = new byte[WasiNode.PieceBytes];
        foreach (var (path, file) in files.Written)
        {
            ModuleFrames.Write(answers, (byte)ModuleAnswer.File, Encoding.UTF8.GetBytes(path));
            var at = 0UL;
            for (int read; (read = file.Copy(at, piece)) > 0; at += (ulong)read)
            {
                ModuleFrames.Write(answers, (byte)ModuleAnswer.Piece, piece.AsSpan(0, read));
            }
        }
    }

    private WasmtimeModule Find(string path)
    {
        if (_modules.TryGetValue(path, out var known)) return known;
        if (_modules.Count >= ModulesMax)
        {
            foreach (var module in _modules.Values) engine.Unload(module);
            _modules.Clear();
        }
        return _modules[path] = engine.Load(path);
    }

    private (ModuleAnswer Answer, byte[] Body) Fail(
        string text, ModuleRunFrame run, long memoryBytes, bool isFinal = false)
    {
        var errors = _system.Errors;
        var hints = new List<string>();
        // How a program reacts to a refused allocation is up to it; most don't mention it in their error.
        var used = memoryBytes / (double)(1 << 20);
        if (used > NearlyFull * run.MemoryMb)
        {
            hints.Add(string.Create(CultureInfo.InvariantCulture, $"it had {used:F1} of {run.MemoryMb} MB of memory"));
        }
        if (run.Files is null && (_system.AskedForFiles || FileWords.IsMatch(errors)))
        {
            hints.Add("the task has no files");
        }

        var why = hints.Count > 0 ? $" ({string.Join("; ", hints)})" : "";
        return Say(isFinal ? ModuleAnswer.FinalError : ModuleAnswer.Error,
            $"{text}{why}{(errors.Length > 0 ? ": " : "")}{errors}");
    }

    private static (ModuleAnswer Answer, byte[] Body) Say(ModuleAnswer answer, string text) =>
        (answer, Encoding.UTF8.GetBytes(text));

    private static byte[] Terminated(string text) => Encoding.UTF8.GetBytes(text + '\0');

    // Typical errors of libraries about missing files; most of them don't call the host.
    [GeneratedRegex("pre-?opened|no such file|not capable|capabilities insufficient|bad file descriptor",
        RegexOptions.IgnoreCase)]
    private static partial Regex FileWords { get; }
}
