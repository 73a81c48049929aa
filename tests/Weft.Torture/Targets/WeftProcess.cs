using System.Diagnostics;
using System.Globalization;
using System.Text;
using Weft.Testing;

namespace Weft.Torture.Targets;

/// <summary>A <c>weft serve</c> that is started again and again, on a port that stays the same.</summary>
internal sealed class WeftProcess : IAsyncDisposable
{
    /// <summary>What a line of the log begins with that reports an error.</summary>
    public const string ErrorStart = "fail:";

    private const int PrintedMax = 8_192;
    private static readonly TimeSpan StartTimeMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan FreezeTimeMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StopTimeMax = TimeSpan.FromSeconds(30);

    private readonly string _binary;
    private readonly string[] _options;
    private readonly Action<IDictionary<string, string?>>? _describe;
    private readonly StringBuilder _errors = new();
    private readonly StringBuilder _printed = new();
    private readonly int _port = FreePort.Next();
    private Process? _process;

    /// <param name="binary">The <c>weft</c> to start.</param>
    /// <param name="options">Flags of <c>weft serve</c>.</param>
    /// <param name="describe">Adds to the variables of each start.</param>
    public WeftProcess(string binary, string[] options, Action<IDictionary<string, string?>>? describe = null)
    {
        _binary = binary;
        _options = options;
        _describe = describe;
        Address = new($"http://127.0.0.1:{_port}/");
    }

    public Uri Address { get; }

    /// <summary>More flags of the next start.</summary>
    public IReadOnlyList<string> MoreOptions { get; set; } = [];

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>For a report: the first errors that it logged, and what it printed last.</summary>
    public string Printed
    {
        get
        {
            lock (_printed) return _errors.ToString() + _printed;
        }
    }

    /// <summary>Starts it and waits until it serves. False: it ended instead.</summary>
    public async Task<bool> StartAsync()
    {
        _process?.Dispose();
        var start = new ProcessStartInfo(_binary,
            ["serve", "--port", _port.ToString(CultureInfo.InvariantCulture), "--lease-seconds", "1", "--webhook-http",
            "--webhook-allow", "127.0.0.1", .. _options, .. MoreOptions])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var ours in start.Environment.Keys.Where(static name =>
            name.StartsWith("WEFT_", StringComparison.Ordinal)).ToArray()) start.Environment.Remove(ours);
        _describe?.Invoke(start.Environment);
        var serves = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) =>
        {
            Print(line.Data);
            if (line.Data?.Contains("Press Ctrl+C", StringComparison.Ordinal) == true) serves.TrySetResult();
        };
        _process.ErrorDataReceived += (_, line) => Print(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        return await Task.WhenAny(serves.Task, _process.WaitForExitAsync()).WaitAsync(StartTimeMax, TimeProvider.System)
            == serves.Task;
    }

    public async Task KillAsync()
    {
        if (_process is null) return;
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async Task<int> StopAsync()
    {
        if (IsRunning) Syscalls.Signal(_process!.Id, Syscalls.SignalTerminate);
        await _process!.WaitForExitAsync().WaitAsync(StopTimeMax, TimeProvider.System);
        return _process.ExitCode;
    }

    public async Task<int?> EndAsync(TimeSpan max)
    {
        try
        {
            await _process!.WaitForExitAsync().WaitAsync(max, TimeProvider.System);
            return _process.ExitCode;
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    public void Freeze()
    {
        Syscalls.Signal(_process!.Id, Syscalls.SignalStop);
        // The signal reaches one thread after the other. One that is in the system's hands stops as soon as it comes
        // back.
        if (!SpinWait.SpinUntil(AllThreadsAreHalted, FreezeTimeMax))
            throw new InvalidOperationException("The coordinator does not freeze.");
    }

    public void Thaw() => Syscalls.Signal(_process!.Id, Syscalls.SignalContinue);

    public async ValueTask DisposeAsync()
    {
        if (IsRunning) await KillAsync();
        _process?.Dispose();
    }

    private bool AllThreadsAreHalted() =>
        Directory.EnumerateDirectories($"/proc/{_process!.Id}/task").All(static thread =>
        {
            // proc(5): the state is the field after the name in parentheses; T is stopped, D waits for a disk.
            var stat = File.ReadAllText(Path.Combine(thread, "stat"));
            return stat[stat.LastIndexOf(')') + 2] is 'T' or 'D';
        });

    private void Print(string? line)
    {
        if (line is null) return;
        lock (_printed)
        {
            // Without their own place, they would be gone once warnings have filled the other one.
            if (line.StartsWith(ErrorStart, StringComparison.Ordinal) && _errors.Length < PrintedMax)
                _errors.AppendLine(line);
            _printed.AppendLine(line);
            if (_printed.Length > PrintedMax) _printed.Remove(0, _printed.Length - PrintedMax);
        }
    }
}
