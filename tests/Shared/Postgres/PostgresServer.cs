using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Npgsql;

namespace Weft.Testing.Postgres;

/// <summary>
/// A PostgreSQL server of the tests' own, in a temporary folder and on a free port. PostgreSQL refuses to run as root,
/// so that root starts it as the user postgres.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string User = "weft";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"weft-postgres-{Guid.NewGuid():N}");
    private readonly string[] _settings;
    private Process? _process;
    private Task<string> _log = Task.FromResult("");

    private PostgresServer(int? port, string[] settings)
    {
        _settings = settings;
        Port = port ?? FreePort.Next();
    }

    /// <summary>Whether there is a PostgreSQL to start, where Debian puts it.</summary>
    public static bool IsInstalled => Directory.Exists("/usr/lib/postgresql");

    public int Port { get; }

    public string DataFolder => Path.Combine(_folder, "data");

    /// <summary>A new, empty server that runs.</summary>
    /// <param name="port">Where it listens; null: on a free port.</param>
    /// <param name="settings">More of its configuration, as <c>name=value</c>.</param>
    public static async Task<PostgresServer> StartNewAsync(int? port = null, params string[] settings)
    {
        var server = new PostgresServer(port, settings);
        server.MakeFolder();
        await server.RunAsync("initdb", "-D", server.DataFolder, "-U", User, "-A", "trust", "-E", "UTF8",
            "--locale=C.UTF-8", "--no-sync");
        await server.StartAsync();
        return server;
    }

    /// <summary>
    /// A standby that follows this server, under the name that <c>synchronous_standby_names</c> knows it by.
    /// </summary>
    public async Task<PostgresServer> StartStandbyAsync(int? port, string name)
    {
        var standby = new PostgresServer(port, _settings);
        standby.MakeFolder();
        await standby.RunAsync("pg_basebackup", "-D", standby.DataFolder, "-h", "127.0.0.1", "-p", $"{Port}", "-U",
            User, "-R", "-X", "stream", "-c", "fast", "--no-sync");
        await File.AppendAllTextAsync(
            Path.Combine(standby.DataFolder, "postgresql.auto.conf"),
            $"primary_conninfo = 'host=127.0.0.1 port={Port} user={User} " +
            $"application_name={name}'\nsynchronous_standby_names = ''\n");
        await standby.StartAsync();
        return standby;
    }

    public string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={Port};Username={User};Database={database};Pooling=false";

    /// <summary>Makes a database, and answers how to connect to it.</summary>
    /// <param name="like">What it begins as a copy of, to which nobody is connected; null: it is empty.</param>
    public async Task<string> CreateDatabaseAsync(string? like = null)
    {
        var name = $"weft_{Guid.NewGuid():N}";
        await ExecuteAsync("postgres",
            $"CREATE DATABASE {name}{(like is null ? "" : $" TEMPLATE {NameIn(like)}")}");
        return ConnectionString(name);
    }

    /// <summary>Deletes a database, whoever is still connected to it.</summary>
    public Task DropDatabaseAsync(string connectionString) =>
        ExecuteAsync("postgres", $"DROP DATABASE {NameIn(connectionString)} WITH (FORCE)");

    /// <summary>Makes a database empty again.</summary>
    public async Task RecreateDatabaseAsync(string connectionString)
    {
        await DropDatabaseAsync(connectionString);
        await ExecuteAsync("postgres", $"CREATE DATABASE {NameIn(connectionString)}");
    }

    public async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The one value that the statement gives, as text.</summary>
    public async Task<string> AskAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToString(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture)!;
    }

    /// <summary>Starts it, and waits until it answers. What a crash left is recovered first.</summary>
    public async Task StartAsync()
    {
        string[] arguments =
        [
            "-D", DataFolder, "-p", $"{Port}", "-c", "listen_addresses=127.0.0.1", "-c",
            $"unix_socket_directories={_folder}", "-c", "fsync=off",
            "-c", "max_connections=200", "-c", "logging_collector=off",
            .. _settings.SelectMany(static setting => new[] { "-c", setting }),
        ];
        _process = Process.Start(Describe("postgres", arguments))
            ?? throw new InvalidOperationException("postgres did not start");
        _log = _process.StandardError.ReadToEndAsync();
        await UntilItAnswersAsync();
    }

    /// <summary>Ends it at once, as a power cut would end it.</summary>
    public async Task KillAsync()
    {
        if (_process is not { HasExited: false }) return;
        // All halt before the first is gone: children would outlive their parent for a moment and go on answering, and
        // a parent that sees its children die would begin anew.
        SignalAll(19);
        SignalAll(9);
        await _process.WaitForExitAsync();
        // It ends when the last of its processes has.
        await _log;
    }

    public void Freeze() => SignalAll(19);

    public void Thaw() => SignalAll(18);

    /// <summary>Makes a standby the primary, and waits until it takes changes.</summary>
    public async Task PromoteAsync()
    {
        // Not -w: it looks only every tenth of a second.
        await RunAsync("pg_ctl", "promote", "-D", DataFolder, "-W");
        using var deadline = new CancellationTokenSource(Deadline, TimeProvider.System);
        while (await AskAsync("postgres", "SELECT pg_is_in_recovery()") != "False")
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, deadline.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process?.Dispose();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private void MakeFolder()
    {
        Directory.CreateDirectory(_folder);
        if (Environment.UserName != "root") return;
        using var chown = Process.Start("chown", ["postgres", _folder]);
        chown.WaitForExit();
    }

    private async Task UntilItAnswersAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline, TimeProvider.System);
        for (; ; )
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
                await connection.OpenAsync(deadline.Token);
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or SocketException && !_process!.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, deadline.Token);
            }
        }
    }

    private async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(Describe(program, arguments))
            ?? throw new InvalidOperationException($"{program} did not start");
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {error} {await output}");
    }

    private ProcessStartInfo Describe(string program, IEnumerable<string> arguments)
    {
        var path = Path.Combine(Programs(), program);
        string[] asPostgres = Environment.UserName == "root"
            ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] : [];
        string[] all = [.. asPostgres, path, .. arguments];
        return new(all[0], all[1..])
            { WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true };
    }

    private void SignalAll(int signal)
    {
        // One that has ended meanwhile needs no signal.
        foreach (var process in (int[])[_process!.Id, .. Children(_process.Id)]) _ = Signal(process, signal);
    }

    private static string NameIn(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString).Database!;

    private static string Programs() =>
        IsInstalled
            ? Directory.GetDirectories("/usr/lib/postgresql")
                .OrderBy(static folder =>
                    int.Parse(Path.GetFileName(folder), System.Globalization.CultureInfo.InvariantCulture))
                    .Select(static folder => Path.Combine(folder, "bin")).Last()
            : throw new InvalidOperationException("These tests need PostgreSQL: apt-get install postgresql");

    private static int[] Children(int process) =>
        [.. File.ReadAllText($"/proc/{process}/task/{process}/children").Split(' ',
            StringSplitOptions.RemoveEmptyEntries)
            .Select(static id => int.Parse(id, System.Globalization.CultureInfo.InvariantCulture))];

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Signal(int process, int signal);
}
