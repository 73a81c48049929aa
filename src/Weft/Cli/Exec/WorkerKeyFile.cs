using System.Security.Cryptography;
using System.Text;
using Weft.Cli.Files;
using Weft.Storage;

namespace Weft.Cli.Exec;

/// <summary>
/// Where this user's workers keep the key by which a coordinator knows them: a machine counts as one worker, however
/// often it is started. Without the file it begins as a stranger.
/// </summary>
internal sealed class WorkerKeyFile(Uri coordinator)
{
    private const int CharsMax = 128;

    private readonly string _path = Path.Combine(
        CacheFolder.Path(), "worker-keys",
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(coordinator.AbsoluteUri)).AsSpan(0, 16)));

    /// <summary>Null: there is none that can be read.</summary>
    public string? Read()
    {
        try
        {
            return File.ReadAllText(_path).Trim() is { Length: > 0 and <= CharsMax } key ? key : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps it, as far as that is possible; for its user alone.</summary>
    public void Write(string key)
    {
        try
        {
            CacheFolder.Make(Path.GetDirectoryName(_path)!);
            PrivateFiles.Replace(_path, key + "\n");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It works all the same, under a new name each time.
        }
    }
}
