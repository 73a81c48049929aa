using System.Globalization;
using System.Net;
using System.Text.Json;
using Weft.CommandLine;
using Weft.Core;
using Weft.Http.StaticFiles;
using Weft.Serve.Room;
using Weft.Storage;

namespace Weft.Serve;

/// <summary>The settings of <c>weft serve</c>, as a table.</summary>
internal static class ServeSettings
{
    public const string FileName = "weft.json";
    private const string WebFolderDefault = "webserver";

    /// <summary>Also for the commands that use the folder directly.</summary>
    public static Setting<ServeOptions> Data { get; } =
        DataWith("Data folder, which holds the database; created if it doesn't exist");

    /// <summary>The same for commands that don't create the folder.</summary>
    public static Setting<ServeOptions> DataThere { get; } = DataWith("Data folder, which holds the database");

    /// <summary>Those commands accept it too, and reject it with an explanation.</summary>
    public static Setting<ServeOptions> Store { get; } = new Setting<ServeOptions, string>("store",
        "PostgreSQL database that coordinators share, instead of a data folder, such as 'Host=localhost;Database=weft'",
        null,
        NotEmpty, "a connection string", static (options, value) => options.Store = value);

    public static IReadOnlyList<Setting<ServeOptions>> All { get; } =
    [
        RoomSettings.Lab,
        new Setting<ServeOptions, int>("port", "Port to listen on; 0 picks a free one", "8080",
            Integer(0, 65_535), "a port from 0 to 65535", static (options, value) => options.Port = value),
        new Setting<ServeOptions, string>("host", "Address to listen on", "127.0.0.1",
            static text => (text == "localhost" || IPAddress.TryParse(text, out _),
                text == "localhost" ? "127.0.0.1" : text),
            "an IP address of this machine, such as 127.0.0.1 or 0.0.0.0",
            static (options, value) => options.Host = value),
        .. AccessSettings.All,
        .. NetworkSettings.All,
        Data,
        Store,
        new Setting<ServeOptions, string>("web",
            $"Folder of pages to serve beside the API [default: {WebFolderDefault}/ if it exists]", null,
            NotEmpty, "a folder", static (options, value) => options.Web = value),
        new Setting<ServeOptions, int>("lease-seconds",
            "How long a worker may hold a task without a heartbeat, unless the task or the worker sets it", "60",
            Integer((int)Limits.LeaseTimeMin.TotalSeconds, (int)Limits.LeaseTimeMax.TotalSeconds),
            "a number of seconds from 1 to 86400",
            static (options, value) => options.LeaseTime = TimeSpan.FromSeconds(value)),
        new Setting<ServeOptions, TimeSpan>("retention", "How long finished tasks are kept: 90s, 30m, 12h, 7d", "7d",
            Duration, "a time such as 90s, 30m, 12h or 7d", static (options, value) => options.Retention = value),
        .. BoundSettings.All,
        .. MetricsSettings.All,
        .. WebhookSettings.All,
        new FlagSetting<ServeOptions>("allow-javascript-modules",
            "Accept JavaScript modules too, which run in workers' browsers [default: WebAssembly only]",
            static (options, value) => options.AllowJavaScriptModules = value),
        new FlagSetting<ServeOptions>("allow-python-modules",
            "Accept Python modules too, which run in workers' browsers and in 'weft worker --python' [default: only " +
            "where no token is required on loopback, and with --lab]",
            static (options, value) => options.AllowPythonModules = value),
        new FlagSetting<ServeOptions>("board",
            "Let volunteers give a name, which the page /board/ shows beside what their browsers computed",
            static (options, value) => options.Board = value),
    ];

    private static Setting<ServeOptions, string> DataWith(string description) =>
        new("data", description, ServeOptions.DataDefault, NotEmpty, "a folder",
            static (options, value) => options.Data = value);

    /// <summary>Checks that depend on the machine: folders that must exist, or must not contain each other.</summary>
    /// <exception cref="CommandFailure">A folder can't be used.</exception>
    public static void Complete(ServeOptions options)
    {
        RoomSettings.Complete(options);
        AccessSettings.Complete(options);
        NetworkSettings.Complete(options);
        MetricsSettings.Check(options);
        BoundSettings.Complete(options);
        if (options.Store is not null && options.Data != ServeOptions.DataDefault)
        {
            throw new CommandFailure(
                "--store keeps the tasks in PostgreSQL and --data in the folder " +
                $"{options.Data}: give only one of them.");
        }

        if (options.Web is null && Directory.Exists(WebFolderDefault))
        {
            RefuseStrangers(WebFolderDefault,
                $"start in a folder of your own, or name it with --web {WebFolderDefault}");
            options.Web = WebFolderDefault;
        }

        if (options.Web is null) return;
        try
        {
            _ = Directory.EnumerateFileSystemEntries(options.Web).FirstOrDefault();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"The web folder {options.Web} can't be read: {exception.Message}");
        }

        var web = Path.TrimEndingDirectorySeparator(Real(options.Web)) + Path.DirectorySeparatorChar;
        if (options.RoomFolder is { } room && Real(room.KeyFile).StartsWith(web, StringComparison.Ordinal))
        {
            throw new CommandFailure($"The certificate's key {room.KeyFile} is inside the web folder {options.Web}: " +
                "anyone could download it. Start in another folder.");
        }

        if ((Real(options.Data) + Path.DirectorySeparatorChar).StartsWith(web, StringComparison.Ordinal))
        {
            throw new CommandFailure($"The data folder {options.Data} is inside the web folder {options.Web}: " +
                $"anyone could download it. Choose another --data.");
        }
    }

    /// <summary>A file found by default must not belong to another user, as it could in a shared /tmp.</summary>
    private static void RefuseStrangers(string path, string remedy)
    {
        if (UnixFile.Stranger(path) is { } owner && UnixFile.IsWritableByAll(Environment.CurrentDirectory))
        {
            throw new CommandFailure($"{path} belongs to another user (uid {owner}), and any user may write to this " +
                $"folder: {remedy}.");
        }
    }

    // Links to either folder don't change who can download what.
    private static string Real(string path) => RealPath.Of(path) ?? Path.GetFullPath(path);

    /// <summary>
    /// Reads <c>weft.json</c> in the working folder: an object of settings by their flags' names; empty if there is no
    /// such file.
    /// </summary>
    public static IReadOnlyDictionary<string, string> ReadFile(string path)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!File.Exists(path)) return settings;
        RefuseStrangers(path, "remove it, or start in a folder of your own");
        try
        {
            // Some editors begin a file with a byte order mark, which is not valid JSON.
            var text = File.ReadAllBytes(path).AsMemory();
            if (text.Span.StartsWith("\uFEFF"u8)) text = text[3..];
            using var document = JsonDocument.Parse(text,
                new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            foreach (var member in document.RootElement.EnumerateObject())
                settings[member.Name] = member.Value.ToString();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new CommandFailure($"{path} is not a JSON object of settings: {exception.Message}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"{path} can't be read: {exception.Message}");
        }

        if (settings.Keys.FirstOrDefault(name => All.All(setting => setting.Name != name)) is { } unknown)
        {
            throw new CommandFailure($"{path}: \"{unknown}\" is not a setting; there are " +
                $"{string.Join(", ", All.Select(static setting => setting.Name))}.");
        }

        return settings;
    }

    internal static Func<string, (bool, int)> Integer(int min, int max) =>
        text => (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min
            && value <= max, value);

    private static (bool, string) NotEmpty(string text) => (text.Length > 0, text);

    /// <summary>Reads a time such as 90s, 30m, 12h or 7d, at most 10 years.</summary>
    internal static (bool Valid, TimeSpan Value) Duration(string text)
    {
        var unit = text.Length > 0 ? text[^1] : ' ';
        var seconds = unit switch { 's' => 1, 'm' => 60, 'h' => 3_600, 'd' => 86_400, _ => 0 };
        var valid = int.TryParse(text.AsSpan(0, Math.Max(0, text.Length - 1)), NumberStyles.None,
            CultureInfo.InvariantCulture, out var number);
        valid &= seconds > 0 && number > 0 && (long)number * seconds <= TimeSpan.FromDays(3_660).TotalSeconds;
        return (valid, valid ? TimeSpan.FromSeconds((long)number * seconds) : default);
    }
}
