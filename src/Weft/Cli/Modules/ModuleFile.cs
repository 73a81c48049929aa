using System.Security.Cryptography;
using Weft.Cli.Remote;
using Weft.Contracts;
using Weft.Core.Modules;

namespace Weft.Cli.Modules;

/// <summary>A module as it is typed: a file, or the hash of one that the coordinator has.</summary>
internal sealed class ModuleFile
{
    private readonly FileInfo? _file;

    private ModuleFile(ModuleHash hash, FileInfo? file) => (Hash, _file) = (hash, file);

    public ModuleHash Hash { get; }

    /// <exception cref="CommandFailure">It is neither, or the file can't be read.</exception>
    public static async Task<ModuleFile> OpenAsync(string typed, CancellationToken stop)
    {
        if (ModuleHash.TryParse(typed, out var hash)) return new(hash, null);
        if (!File.Exists(typed)) throw new CommandFailure($"There is no file {typed}; a module is a file, or the 64 hex digits of one that was pushed.");
        try
        {
            await using var bytes = File.OpenRead(typed);
            return new(ModuleHash.From(await SHA256.HashDataAsync(bytes, stop)), new(typed));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(typed, exception);
        }
    }

    /// <summary>Pushes the file, whether the coordinator has it or not.</summary>
    /// <param name="name">For people; null: the file's.</param>
    public async Task<ModuleInfo> PushAsync(RemoteApi api, string? name, CancellationToken stop)
    {
        if (_file is null) throw new CommandFailure($"{Hash} is a hash; name the file that is to be pushed.");
        try
        {
            await using var bytes = _file.OpenRead();
            return await api.PutAsync($"modules?name={Uri.EscapeDataString(name ?? _file.Name)}", bytes, ContentType(_file), WireJson.Default.ModuleInfo, stop);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(_file.Name, exception);
        }
    }

    /// <summary>Pushes the file unless the coordinator has it.</summary>
    public async Task EnsureAsync(RemoteApi api, CancellationToken stop)
    {
        if (_file is not null && !await api.ExistsAsync($"modules/{Hash}", stop)) await PushAsync(api, name: null, stop);
    }

    private static string ContentType(FileInfo file) => file.Extension is ".js" or ".mjs" ? "text/javascript" : "application/wasm";

    private static CommandFailure Unreadable(string file, Exception exception) => new($"The module {file} can't be read: {exception.Message}");
}
