using System.Security.Cryptography;
using Weft.Cli.Files;
using Weft.CommandLine;

namespace Weft.Cli.Modules.Engine;

/// <summary>Where the engine is, and where what it compiles is kept.</summary>
/// <param name="Library">Its file.</param>
/// <param name="Version">Of the library: the beginning of its SHA-256, since code of one is none for another.</param>
/// <param name="Compiled">The folder of what was compiled, which is machine code: only this user's.</param>
/// <param name="Nowhere">An empty folder.</param>
internal sealed record EngineFolder(string Library, string Version, string Compiled, string Nowhere)
{
    private const string FileName = "libwasmtime.so";
    private const int VersionChars = 16;
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Beside the binary: it isn't part of it, since coordinators and other workers don't need it.</summary>
    private static string Default => Path.Combine(AppContext.BaseDirectory, "engine");

    /// <exception cref="CommandFailure">There is no engine, or no place for what it compiles.</exception>
    public static EngineFolder Find(string? folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new CommandFailure("weft worker --modules runs on Linux; elsewhere browsers run modules.");
        }
        var library = Path.GetFullPath(Path.Combine(folder ?? Default, FileName));
        if (!File.Exists(library))
        {
            throw new CommandFailure(
                $"There is no {FileName} in {Path.GetDirectoryName(library)}, which --modules needs: ./build.sh" +
                " lays it beside the binary as engine/; or name its folder with --engine.");
        }
        try
        {
            using var bytes = File.OpenRead(library);
            var version = Convert.ToHexStringLower(SHA256.HashData(bytes))[..VersionChars];
            return new(library, version, Make("modules"), Make("empty"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"Modules can't be run: {exception.Message}");
        }
    }

    private static string Make(string name)
    {
        var path = Path.GetFullPath(Path.Combine(CacheFolder.Path(), name));
        CacheFolder.Make(path);
        // It may have been there with other rights.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, Private);
        return path;
    }
}
