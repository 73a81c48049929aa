using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Weft.Cli.Exec;
using Weft.Client;
using Weft.Client.Work;
using Weft.CommandLine;
using Weft.Core.Modules;

namespace Weft.Cli.Modules.Engine;

/// <summary>A module that was compiled with its limits.</summary>
/// <param name="Path">The file of its machine code.</param>
/// <param name="Start">An export to call before <c>_start</c>; null: none.</param>
internal sealed record CompiledModule(string Path, string? Start);

/// <summary>
/// Modules, each downloaded and compiled once, and kept for later workers. Each is compiled in a new process that has
/// run no module, so that no module can leave machine code for another. Safe for use by many threads.
/// </summary>
internal sealed class CompiledModules(WeftClient client, EngineFolder engine)
{
    // The files can be recreated at any time.
    private const long BytesMax = 1L << 30;

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly TimeSpan CompileMax = TimeSpan.FromMinutes(2);

    // Delays a released task, so that another worker can get it.
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Task<CompiledModule>> _known = new(StringComparer.Ordinal);

    /// <exception cref="AttemptFailedException">The module can't be run.</exception>
    /// <exception cref="AttemptReleasedException">The module could not be downloaded.</exception>
    public async Task<CompiledModule> FindAsync(string hash, int memoryMb, bool isFixed, CancellationToken stop)
    {
        var name = string.Create(CultureInfo.InvariantCulture,
            $"{hash}-{memoryMb}{(isFixed ? "f" : "")}-{engine.Version}");
        var found = _known.GetOrAdd(
            name, _ => Task.Run(() => LoadAsync(name, hash, memoryMb, isFixed), CancellationToken.None));
        try
        {
            return await found.WaitAsync(stop);
        }
        catch
        {
            // Also if only the waiting task was stopped: by then the file exists, or the next task tries again.
            _known.TryRemove(new(name, found));
            throw;
        }
    }

    /// <summary>The file is damaged: compile it again.</summary>
    public void Forget(CompiledModule module)
    {
        _known.TryRemove(Path.GetFileNameWithoutExtension(module.Path), out _);
        File.Delete(module.Path);
    }

    private async Task<CompiledModule> LoadAsync(string name, string hash, int memoryMb, bool isFixed)
    {
        var path = Path.Combine(engine.Compiled, $"{name}.cwasm");
        var startPath = Path.ChangeExtension(path, ".start");
        if (File.Exists(path) && File.Exists(startPath))
        {
            File.SetLastWriteTimeUtc(path, TimeProvider.System.GetUtcNow().UtcDateTime);
            return new(path, StartOf(await File.ReadAllTextAsync(startPath)));
        }

        var box = Box(await FetchAsync(hash), memoryMb, isFixed);
        var part = $"{path}.{Environment.ProcessId}";
        try
        {
            await CompileAsync(box.Bytes, part);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(part, Private);
            // Write the code last: if it exists, everything does.
            await File.WriteAllTextAsync(startPath, box.Start ?? "");
            File.Move(part, path, overwrite: true);
        }
        catch (IOException exception)
        {
            throw new AttemptReleasedException($"The module could not be compiled: {exception.Message}", Delay);
        }
        finally
        {
            File.Delete(part);
        }
        MakeRoom(path);
        return new(path, box.Start);
    }

    private static string? StartOf(string text) => text.Length == 0 ? null : text;

    private async Task<byte[]> FetchAsync(string hash)
    {
        try
        {
            var module = await client.GetModuleAsync(hash);
            return module.Type == WeftClient.WasmType
                ? module.Bytes
                : throw new AttemptFailedException("The task's module is not WebAssembly.", mayRetry: false);
        }
        catch (WeftException exception)
        {
            throw new AttemptReleasedException($"The module could not be fetched: {exception.Message}", Delay);
        }
    }

    private static WasmBox Box(byte[] module, int memoryMb, bool isFixed)
    {
        try
        {
            return WasmBox.Make(module, memoryMb, isFixed);
        }
        catch (ModuleRefusedException refused)
        {
            throw new AttemptFailedException(refused.Message, mayRetry: false);
        }
    }

    private async Task CompileAsync(byte[] module, string path)
    {
        using var process = ModuleProcess.StartHost(engine, compiles: true);
        using var late = new CancellationTokenSource(CompileMax, TimeProvider.System);
        await using var killing = late.Token.Register(() => Kill(process));
        var errors = ExecTail.ReadAsync(process.StandardError.BaseStream);
        await using (var code = File.Create(path))
        {
            var feeding = FeedAsync(process, module);
            await process.StandardOutput.BaseStream.CopyToAsync(code, CancellationToken.None);
            await feeding;
        }

        await process.WaitForExitAsync(CancellationToken.None);
        if (late.IsCancellationRequested)
        {
            throw new AttemptFailedException($"Compiling the module took longer than {CompileMax.TotalSeconds} s.");
        }
        if (process.ExitCode == ExitCode.Ok) return;
        var words = string.Join(' ', (await errors).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        throw new AttemptFailedException(process.ExitCode == ExitCode.Failed
            ? $"This worker's engine can't compile the module: {words}"
            : $"This worker's engine crashed while it compiled the module{(words.Length > 0 ? ": " : ".")}{words}");
    }

    private static async Task FeedAsync(Process process, byte[] module)
    {
        try
        {
            await using var stdin = process.StandardInput.BaseStream;
            await Task.Run(() => ModuleFrames.Write(stdin, 0, module));
            // If the worker ends, so does the process: that waits for its children.
            await process.WaitForExitAsync(CancellationToken.None);
        }
        catch (IOException)
        {
            // The process has ended: its exit code says why.
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has just ended on its own.
        }
    }

    // Delete the least recently used first.
    private void MakeRoom(string kept)
    {
        var files = new DirectoryInfo(engine.Compiled).GetFiles("*.cwasm")
            .OrderByDescending(static file => file.LastWriteTimeUtc);
        long bytes = 0;
        foreach (var file in files)
        {
            bytes += file.Length;
            if (bytes <= BytesMax || file.FullName == kept) continue;
            file.Delete();
            File.Delete(Path.ChangeExtension(file.FullName, ".start"));
        }
    }
}
