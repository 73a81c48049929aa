using System.Security.Cryptography;
using Weft.Cli.Remote;
using Weft.Client;
using Weft.Client.Http;
using Weft.CommandLine;
using Weft.Contracts;
using Weft.Core.Modules;

namespace Weft.Cli.Modules;

/// <summary>A module argument: a file, or a unique prefix of the hash of a pushed module.</summary>
internal sealed class ModuleFile
{
    private const int PrefixCharsMin = 4;

    private readonly FileInfo? _file;
    private readonly byte[]? _made;
    private readonly string _type;

    private ModuleFile(ModuleHash hash, FileInfo? file, string? type = null, byte[]? made = null) =>
        (Hash, _file, _type, _made) = (hash, file, type ?? ContentType(file), made);

    public ModuleHash Hash { get; }

    /// <summary>A file takes precedence over a prefix of a hash.</summary>
    /// <exception cref="CommandFailure">It is neither of them, or the file can't be read.</exception>
    public static async Task<ModuleFile> OpenAsync(string typed, RemoteApi api, CancellationToken stop)
    {
        if (ModuleHash.TryParse(typed, out var hash)) return new(hash, null);
        if (!File.Exists(typed))
        {
            return await FindAsync(typed, api, stop) is { } found
                ? new(found, null)
                : throw new CommandFailure($"{typed} is neither a file nor the hash of a pushed module.");
        }
        return await OpenFileAsync(typed, type: null, stop);
    }

    /// <summary>A file, whether the coordinator has it or not.</summary>
    public static Task<ModuleFile> OpenFileAsync(string path, CancellationToken stop) =>
        OpenFileAsync(path, type: null, stop);

    /// <summary>A Python script, whatever its file extension.</summary>
    public static Task<ModuleFile> OpenScriptAsync(string path, CancellationToken stop) =>
        OpenFileAsync(path, WeftClient.PythonType, stop);

    /// <summary>A zipped Python folder that was created here.</summary>
    /// <param name="path">The folder; its name becomes the module's.</param>
    public static ModuleFile OfFolder(byte[] zip, string path) => new(ModuleHash.From(SHA256.HashData(zip)),
        new(Path.TrimEndingDirectorySeparator(path)), WeftClient.PythonFolderType, zip);

    private static async Task<ModuleFile> OpenFileAsync(string typed, string? type, CancellationToken stop)
    {
        try
        {
            await using var bytes = File.OpenRead(typed);
            return new(ModuleHash.From(await SHA256.HashDataAsync(bytes, stop)), new(typed), type);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(typed, exception);
        }
    }

    /// <summary>The one module whose hash starts with the text.</summary>
    /// <returns>Null: the text is not a hash, or the coordinator has no such module.</returns>
    /// <exception cref="CommandFailure">There are several such modules.</exception>
    public static async Task<ModuleHash?> FindAsync(string typed, RemoteApi api, CancellationToken stop)
    {
        if (ModuleHash.TryParse(typed, out var whole)) return whole;
        if (typed.Length < PrefixCharsMin || !typed.All(char.IsAsciiHexDigitLower)) return null;
        var modules = (await api.GetAsync("modules", WireJson.Default.ModuleList, stop)).Modules;
        var found = modules.Where(module => module.Sha256.StartsWith(typed, StringComparison.Ordinal)).ToArray();
        if (found.Length > 1)
        {
            throw new CommandFailure(
                $"{Counted.Of(found.Length, "module")} have a hash that starts with {typed}: give more digits.");
        }
        return found is [var one] && ModuleHash.TryParse(one.Sha256, out var hash) ? hash : null;
    }

    /// <summary>Pushes the file, whether the coordinator has it or not.</summary>
    /// <param name="name">Human-readable; null: the file's name.</param>
    public async Task<ModuleInfo> PushAsync(RemoteApi api, string? name, CancellationToken stop)
    {
        if (_file is null) throw new CommandFailure($"{Hash} is a hash; give the file to push.");
        try
        {
            // Report an unreadable file here: later it would look like a connection failure.
            await using (Open())
            {
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(_file.Name, exception);
        }

        var request = WeftRequest.Put($"modules?name={Uri.EscapeDataString(name ?? _file.Name)}", Open,
            _type);
        return await api.SendAsync(request, WireJson.Default.ModuleInfo, stop);
    }

    private Stream Open() => _made is null ? _file!.OpenRead() : new MemoryStream(_made, writable: false);

    /// <summary>Pushes the file unless the coordinator has it.</summary>
    public async Task EnsureAsync(RemoteApi api, CancellationToken stop)
    {
        if (_file is not null && !await api.ExistsAsync($"modules/{Hash}", stop))
        {
            await PushAsync(api, name: null, stop);
        }
    }

    private static string ContentType(FileInfo? file) =>
        file?.Extension switch
        {
            ".js" or ".mjs" => WeftClient.JavaScriptType,
            ".py" => WeftClient.PythonType,
            ".zip" => WeftClient.PythonFolderType,
            ".whl" => WeftClient.WheelType,
            _ => WeftClient.WasmType,
        };

    private static CommandFailure Unreadable(string file, Exception exception) =>
        new($"The module {file} can't be read: {exception.Message}");
}
