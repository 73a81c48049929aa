using System.Diagnostics;
using System.Text;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

/// <summary><c>weft worker</c> on a test's coordinator, in a folder of its own.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("weft-e2e-");
    private readonly StringBuilder errors = new();
    private readonly Process process;

    public WorkerProcess(CoordinatorProcess coordinator, string exec, params string[] options)
        : this(coordinator.Address, exec, options)
    {
    }

    public WorkerProcess(Uri url, string exec, params string[] options)
        : this(url, exec, options, [], [])
    {
    }

    /// <summary>One that runs Python.</summary>
    public static WorkerProcess OfPython(CoordinatorProcess coordinator, params string[] options) =>
        new(coordinator.Address, null, ["--python", .. options], [], []);

    /// <param name="launcher">A program, with its options, that runs the worker.</param>
    /// <param name="environment">Added to the worker's.</param>
    public WorkerProcess(Uri url, string? exec, string[] options, string[] launcher,
        Dictionary<string, string> environment)
    {
        var start = WeftBinary.Describe(folder.FullName,
            ["worker", "--url", url.ToString(), .. exec is null ? [] : (string[])["--exec", exec], .. options]);
        if (launcher.Length > 0) start = Launched(start, launcher);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        process = new Process { StartInfo = start };
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Start();
        process.BeginErrorReadLine();
    }

    public string Errors
    {
        get
        {
            lock (errors) return errors.ToString();
        }
    }

    public string PathOf(string name) => Path.Combine(folder.FullName, name);

    public Task<string?> ReadLineAsync() =>
        process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask()
            .WaitAsync(Eventually.Max, TimeProvider.System, TestContext.Current.CancellationToken);

    /// <summary>Waits until its program has made a file of this name in its folder.</summary>
    public Task SeeFileAsync(string name) =>
        Eventually.SeeAsync($"the program makes {name}", () => Task.FromResult(File.Exists(PathOf(name))),
            made => made);

    /// <summary>Waits until the process whose id is in a file has ended.</summary>
    public async Task SeeEndAsync(string name)
    {
        var id = (await File.ReadAllTextAsync(PathOf(name), TestContext.Current.CancellationToken)).Trim();
        Assert.NotEmpty(id);
        await Eventually.SeeAsync($"process {id} ends", () => Task.FromResult(IsRunning(id)), alive => !alive);
    }

    /// <summary>Whether the process whose id is in a file runs.</summary>
    public bool IsAlive(string name) => IsRunning(File.ReadAllText(PathOf(name)).Trim());

    public void Send(UnixSignal signal) => process.Send(signal);

    public async Task<int> ExitAsync()
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken)
            .WaitAsync(Eventually.Max, TimeProvider.System, TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
        folder.Delete(recursive: true);
        TestContext.Current.TestOutputHelper?.WriteLine(Errors);
    }

    private static ProcessStartInfo Launched(ProcessStartInfo start, string[] launcher)
    {
        var launched = Command.Describe(launcher[0], start.WorkingDirectory,
            [.. launcher[1..], start.FileName, .. start.ArgumentList]);
        foreach (var name in launched.Environment.Keys.Where(name => !start.Environment.ContainsKey(name)).ToArray())
        {
            launched.Environment.Remove(name);
        }
        return launched;
    }

    // A zombie that nobody has collected yet runs no more.
    private static bool IsRunning(string id)
    {
        try
        {
            return !File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (errors) errors.AppendLine(line);
    }
}
