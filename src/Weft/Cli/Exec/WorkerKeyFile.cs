using System.Security.Cryptography;
using System.Text;
using Weft.Cli.Files;
using Weft.Storage;

namespace Weft.Cli.Exec;

/// <summary>
/// The file with the key by which a coordinator recognizes this user's workers: a machine counts as one worker, however
/// often it is started. Without the file, it starts without any reputation.
/// </summary>
internal sealed class WorkerKeyFile(Uri coordinator)
{
    private const int CharsMax = 128;

    private readonly string _path = Path.Combine(
        CacheFolder.Path(), "worker-keys",
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(coordinator.AbsoluteUri)).AsSpan(0, 16)));

    /// <summary>Null: there is no readable file.</summary>
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

    /// <summary>Saves the key if possible, readable only by this user.</summary>
    public void Write(string key)
    {
        try
        {
            CacheFolder.Make(Path.GetDirectoryName(_path)!);
            PrivateFiles.Replace(_path, key + "\n");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The worker runs without it, under a new name each time.
        }
    }
}
