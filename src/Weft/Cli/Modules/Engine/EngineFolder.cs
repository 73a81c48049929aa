using System.Security.Cryptography;
using Weft.Cli.Files;
using Weft.CommandLine;

namespace Weft.Cli.Modules.Engine;

/// <summary>The locations of the engine and of the code that it compiles.</summary>
/// <param name="Library">The library's file.</param>
/// <param name="Version">The beginning of the library's SHA-256: another build can't load its compiled code.</param>
/// <param name="Compiled">The folder of compiled machine code, which only this user may write to.</param>
/// <param name="Nowhere">An empty folder.</param>
internal sealed record EngineFolder(string Library, string Version, string Compiled, string Nowhere)
{
    private const string FileName = "libwasmtime.so";
    private const int VersionChars = 16;
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Next to the binary and not part of it: coordinators and other workers don't need it.</summary>
    private static string Default => Path.Combine(AppContext.BaseDirectory, "engine");

    /// <exception cref="CommandFailure">There is no engine, or no usable folder for compiled code.</exception>
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
                $"There is no {FileName} in {Path.GetDirectoryName(library)}, which --modules needs. ./build.sh" +
                " puts it next to the binary as engine/; or name its folder with --engine.");
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
        // The file may have existed with other permissions.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, Private);
        return path;
    }
}
