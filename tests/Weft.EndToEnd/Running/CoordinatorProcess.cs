using System.Diagnostics;
using System.Globalization;
using System.Text;
using Weft.Testing.Stores;

namespace Weft.EndToEnd.Running;

/// <summary>
/// A coordinator of the test's own: the published binary on a free port, with a <see cref="TestStore"/> that goes with
/// it. It can be stopped, killed and started again on the same port and store. What it printed is shown when the test
/// fails.
/// </summary>
internal sealed class CoordinatorProcess : IAsyncDisposable
{
    private const string FirstTokensFile = "/first-tokens.txt";

    private readonly TestStore store;
    private readonly string[] options;
    private readonly StringBuilder printed = new();
    private readonly StringBuilder said = new();
    private Process? process;
    private string? zone;

    private CoordinatorProcess(TestStore store, string[] options)
    {
        this.store = store;
        this.options = options;
        Port = FreePort.Next();
        Address = new Uri($"http://127.0.0.1:{Port}");
        Wire = new Wire(Address);
    }

    public int Port { get; }

    /// <summary>What its process finds in its environment besides what the test's own has.</summary>
    private IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    public Uri Address { get; }

    public Wire Wire { get; }

    public string Folder => store.Folder;

    /// <summary>Where its data lies, unless that is PostgreSQL.</summary>
    public string DataFolder => Path.Combine(Folder, "data");

    /// <summary>
    /// All that it printed so far, over all its starts, on stdout and stderr; and the first tokens, where it has named
    /// their file.
    /// </summary>
    public string Output
    {
        get
        {
            lock (said) return said.ToString();
        }
    }

    /// <summary>The system's number of its process.</summary>
    public int Id => process!.Id;

    public bool IsRunning => process is { HasExited: false };

    /// <summary>Memory that the process has now, as the system counts it.</summary>
    public long ResidentBytes
    {
        get
        {
            process!.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>The most memory that the process has had at once.</summary>
    public long PeakResidentBytes
    {
        get
        {
            process!.Refresh();
            return process.PeakWorkingSet64;
        }
    }

    /// <summary>Files and connections that the process has open now.</summary>
    public int OpenFiles => Directory.GetFiles($"/proc/{process!.Id}/fd").Length;

    /// <summary>Starts a new coordinator and waits until it serves.</summary>
    public static async Task<CoordinatorProcess> StartNewAsync(params string[] options) =>
        await StartAsync(new CoordinatorProcess(await TestStore.NewAsync(), options));

    /// <summary>Starts a new coordinator on a machine whose own time is that of <paramref name="zone"/>.</summary>
    public static async Task<CoordinatorProcess> StartNewInZoneAsync(string zone) =>
        await StartAsync(new CoordinatorProcess(await TestStore.NewAsync(), []) { zone = zone });

    /// <summary>Starts a new coordinator with these variables in its environment.</summary>
    public static async Task<CoordinatorProcess> StartWithAsync(IReadOnlyDictionary<string, string> variables,
        params string[] options) =>
        await StartAsync(new CoordinatorProcess(await TestStore.NewAsync(), options) { Variables = variables });

    /// <summary>Starts one of several that share a database.</summary>
    public static Task<CoordinatorProcess> StartOnAsync(string database, params string[] options) =>
        StartAsync(new CoordinatorProcess(TestStore.Shared(database), options));

    /// <summary>The same with these variables in its environment.</summary>
    public static Task<CoordinatorProcess> StartOnWithAsync(string database,
        IReadOnlyDictionary<string, string> variables) =>
        StartAsync(new CoordinatorProcess(TestStore.Shared(database), []) { Variables = variables });

    private static async Task<CoordinatorProcess> StartAsync(CoordinatorProcess coordinator)
    {
        try
        {
            await coordinator.StartAsync();
        }
        catch
        {
            await coordinator.DisposeAsync();
            throw;
        }
        return coordinator;
    }

    /// <summary>Starts it again, on the same port and store.</summary>
    public async Task StartAsync()
    {
        Assert.False(IsRunning, "The coordinator runs already.");
        process?.Dispose();
        process = new Process
        {
            StartInfo = WeftBinary.Describe(Folder,
                ["serve", "--port", Port.ToString(CultureInfo.InvariantCulture), .. StoreOptions(), .. options]),
        };
        // What a coordinator over PostgreSQL keeps for its user, who would be the developer.
        process.StartInfo.Environment["XDG_STATE_HOME"] = Folder;
        process.StartInfo.Environment.Remove("STATE_DIRECTORY");
        if (zone is not null) process.StartInfo.Environment["TZ"] = zone;
        foreach (var (name, value) in Variables) process.StartInfo.Environment[name] = value;
        var announced = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) =>
        {
            Print("out", line.Data);
            // Whichever of its addresses it names.
            if (line.Data?.Contains($":{Port}", StringComparison.Ordinal) == true) announced.TrySetResult();
        };
        process.ErrorDataReceived += (_, line) => Print("err", line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        // Its own word first: whoever else took the port would be healthy too.
        if (await Task.WhenAny(announced.Task, process.WaitForExitAsync())
            .WaitAsync(Eventually.Max, TimeProvider.System) != announced.Task)
            throw new InvalidOperationException($"weft ended with {process.ExitCode} instead of serving.\n{Printed()}");
        Assert.Equal(200, (await Wire.GetAsync("/health")).Status);
    }

    /// <summary>kill -9: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>While it is down: deletes all that it stored.</summary>
    public Task EmptyAsync() => store.EmptyAsync();

    public void Send(UnixSignal signal) => process!.Send(signal);

    /// <summary>Waits for the end of the process.</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="TimeoutException">It still runs after <paramref name="max"/>.</exception>
    public async Task<int> ExitAsync(TimeSpan max)
    {
        await process!.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(max, TimeProvider.System);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (IsRunning) await KillAsync();
        process?.Dispose();
        Wire.Dispose();
        await store.DisposeAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(Printed());
    }

    private string[] StoreOptions() => store.Database is { } database ? ["--store", database] : ["--data", DataFolder];

    private void Print(string stream, string? line)
    {
        if (line is null) return;
        lock (said)
        {
            said.AppendLine(line);
            // Tests read them where they read the rest.
            if (line.EndsWith(FirstTokensFile, StringComparison.Ordinal))
            {
                said.AppendLine(File.ReadAllText(line[line.IndexOf('/', StringComparison.Ordinal)..]));
            }
        }

        lock (printed) printed.Append("weft ").Append(Port).Append(' ').Append(stream).Append(": ").AppendLine(line);
    }

    private string Printed()
    {
        lock (printed) return printed.ToString();
    }
}
