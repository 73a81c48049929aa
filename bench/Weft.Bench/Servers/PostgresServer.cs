using System.Diagnostics;
using System.Globalization;

namespace Weft.Bench.Servers;

/// <summary>
/// A PostgreSQL server of the bench's own, on a free port and an empty folder, as one for production is set up: nothing
/// about durability is relaxed. Everybody who is compared uses the same one, each measurement on a database of its own.
/// PostgreSQL refuses to run as root, so that root starts it as the user postgres.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>
    /// What differs from PostgreSQL's defaults: memory for a small machine, and room for the log between checkpoints.
    /// </summary>
    public const string Settings =
        "synchronous_commit=on fsync=on full_page_writes=on shared_buffers=512MB max_wal_size=4GB " +
        "checkpoint_timeout=15min wal_compression=on random_page_cost=1.1";

    private const string User = "weft";
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly Process process;
    private readonly string log;
    private readonly int port;
    private int lastDatabase;

    private PostgresServer(Process process, string log, int port) =>
        (this.process, this.log, this.port) = (process, log, port);

    /// <summary>Null when it can be started here.</summary>
    public static string? Missing =>
        Folder() is null ? "PostgreSQL is not installed: apt-get install postgresql" : null;

    /// <summary>User and system time of all its processes so far.</summary>
    public TimeSpan Cpu => ProcessTime.OfFamily(process.Id);

    /// <exception cref="InvalidOperationException">It did not start; the message carries the end of its
    /// log.</exception>
    public static async Task<PostgresServer> StartAsync(string folder, CancellationToken stop)
    {
        Directory.CreateDirectory(folder);
        if (Environment.UserName == "root") await RunAsync(["chown", "postgres", folder], stop);
        var data = Path.Combine(folder, "data");
        await RunAsync(["/bin/sh", "-c", "\"$@\" >/dev/null", "sh", .. AsPostgres("initdb"), "-D", data, "-U", User,
            "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"], stop);

        var port = RunningServer.FreePort();
        var log = Path.Combine(folder, "log");
        string[] settings = [.. Settings.Split(' ').SelectMany(setting => new[] { "-c", setting })];
        // The shell only points the output at a file and becomes the server.
        var server =
            new PostgresServer(Process.Start("/bin/sh",
                ["-c", "log=$1; shift; exec \"$@\" >\"$log\" 2>&1 </dev/null", "sh", log, .. AsPostgres("postgres"),
                "-D", data, "-p", $"{port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
                .. settings]), log, port);
        try
        {
            await server.WaitUntilItAnswersAsync(stop);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes an empty database, and writes out what the one before left to write.</summary>
    public async Task<string> NewDatabaseAsync(CancellationToken stop)
    {
        var database = $"bench{++lastDatabase}";
        await ExecuteAsync("postgres", stop, $"CREATE DATABASE {database}", "CHECKPOINT");
        return database;
    }

    /// <summary>Each statement by itself, outside of a transaction.</summary>
    public Task ExecuteAsync(string database, CancellationToken stop, params IEnumerable<string> statements) =>
        RunAsync([Program("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", "-h", "127.0.0.1", "-p",
            $"{port}", "-U", User, "-d", database,
            .. statements.SelectMany(statement => new[] { "-c", statement })], stop);

    /// <summary>As Weft is told: Npgsql's form.</summary>
    public string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={port};Username={User};Database={database}";

    /// <summary>As most others are told.</summary>
    public string Url(string database) => $"postgres://{User}@127.0.0.1:{port}/{database}";

    /// <summary>Ends it at once: nobody wants its data any more.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) await RunAsync(["/bin/sh", "-c", $"kill -QUIT {process.Id}"], CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
    }

    private async Task WaitUntilItAnswersAsync(CancellationToken stop)
    {
        var started = Stopwatch.GetTimestamp();
        while (await ExitCodeAsync([Program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", $"{port}"], stop) != 0)
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(started) > StartPatience)
                throw new InvalidOperationException($"PostgreSQL did not " +
                    $"start:\n{string.Join('\n', File.ReadLines(log).TakeLast(10))}");
            await Task.Delay(Poll, TimeProvider.System, stop);
        }
    }

    private static string[] AsPostgres(string program) =>
        Environment.UserName == "root"
            ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", Program(program)]
            : [Program(program)];

    private static string Program(string name) =>
        Path.Combine(Folder() ?? throw new InvalidOperationException(Missing), name);

    /// <summary>Debian keeps the server's programs off the PATH, a folder for each version.</summary>
    private static string? Folder() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql")
            .OrderBy(folder => int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture))
            .Select(folder => Path.Combine(folder, "bin")).LastOrDefault()
        : Path.GetDirectoryName(Programs.Find("initdb"));

    private static async Task RunAsync(string[] command, CancellationToken stop)
    {
        if (await ExitCodeAsync(command, stop) is not 0 and var code)
            throw new InvalidOperationException($"{Path.GetFileName(command[0])} ended with exit code {code}");
    }

    private static async Task<int> ExitCodeAsync(string[] command, CancellationToken stop)
    {
        // Somewhere that the user postgres may be, too.
        using var running = Process.Start(new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = "/" })!;
        await running.WaitForExitAsync(stop);
        return running.ExitCode;
    }
}
