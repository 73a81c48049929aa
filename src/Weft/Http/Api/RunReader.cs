using System.Buffers;
using System.Text;
using System.Text.Json;
using Weft.Core;
using Weft.Core.Modules;
using Weft.Core.Modules.Packages;

namespace Weft.Http.Api;

/// <summary>Reads which module to run, and how.</summary>
internal static class RunReader
{
    private static readonly MemberNames Names = new(
        "args", "env", "timeoutSeconds", "memoryMb", "fixed", "files", "outMb", "packages");

    public static ModuleHash Module(ref StrictJson json)
    {
        if (!ModuleHash.TryParse(json.AnyString(), out var hash))
            json.Fail("module must be a module's SHA-256: 64 lowercase hex digits.");
        return hash;
    }

    /// <summary>
    /// The object without files, packages and members with default values, as <see cref="ModuleCall.Run"/>; empty if
    /// none is left.
    /// </summary>
    /// <param name="json">Positioned at the object.</param>
    /// <param name="files">Null for none.</param>
    /// <param name="packages">Null for none.</param>
    public static ReadOnlyMemory<byte> Run(
        ref StrictJson json, out FileSet? files, out IReadOnlyList<string>? packages)
    {
        (files, packages) = (null, null);
        var run = new Draft();
        var seen = 0u;
        if (!json.BeginObject()) return default;
        while (json.NextMember(Names, ref seen) is { } name)
        {
            switch (name)
            {
                case "args": run.Args = json.Texts(Limits.RunArgsMax, Limits.RunArgBytesMax); break;
                case "env": run.Env = json.TextMap(Limits.RunEnvMax, Limits.RunBytesMax); break;
                case "timeoutSeconds": run.Time = json.Seconds(Limits.RunTimeMin, Limits.RunTimeMax); break;
                case "memoryMb": run.MemoryMb = (int)json.Integer(1, Limits.RunMemoryMbMax); break;
                case "fixed": run.Fixed = json.Boolean(); break;
                case "files": files = FileReader.Files(ref json); break;
                case "outMb": run.OutMb = (int)json.Integer(1, Limits.OutMbMax); break;
                case "packages":
                    packages = json.Texts(Limits.PackagesNamedMax, Limits.PackageNameBytesMax) is { Count: > 0 } named
                        ? named
                        : null;
                    break;
            }
        }

        if (run.Texts.Sum(Encoding.UTF8.GetByteCount) > Limits.RunBytesMax)
            json.Fail($"run must have at most {Limits.RunBytesMax} bytes of args and env.");
        // The module gets these as C strings.
        if (run.Texts.Any(static text => text.Contains('\0'))) json.Fail("args and env can't have NUL characters.");
        if (run.Env.Any(static variable => variable.Key.Length == 0 || variable.Key.Contains('=')))
            json.Fail("The names in env can't be empty or have an equals sign.");
        if (files?.Files.Any(static file => PackageFolder.Has(file.Path)) == true)
            json.Fail($"A file's path can't be below {PackageFolder.Prefix}.");
        if (json.Fault is not null) return default;
        // A task that writes files has its own folder, like one that finds some.
        if (run.OutMb > 0) files ??= FileSet.Empty;
        return run.Write();
    }

    private struct Draft()
    {
        public List<string> Args = [];
        public List<KeyValuePair<string, string>> Env = [];
        public TimeSpan Time = Limits.RunTimeDefault;
        public int MemoryMb = Limits.RunMemoryMbDefault;
        public bool Fixed;
        public int OutMb;

        public readonly IEnumerable<string> Texts =>
            Args.Concat(Env.SelectMany(static variable => (string[])[variable.Key, variable.Value]));

        public readonly ReadOnlyMemory<byte> Write()
        {
            var bytes = new ArrayBufferWriter<byte>();
            using var writer = new Utf8JsonWriter(bytes, JsonResponse.WriterOptions);
            writer.WriteStartObject();
            if (Args.Count > 0)
            {
                writer.WriteStartArray("args"u8);
                foreach (var arg in Args) writer.WriteStringValue(arg);
                writer.WriteEndArray();
            }

            if (Env.Count > 0)
            {
                writer.WriteStartObject("env"u8);
                foreach (var (name, value) in Env) writer.WriteString(name, value);
                writer.WriteEndObject();
            }

            if (Time != Limits.RunTimeDefault) writer.WriteSeconds("timeoutSeconds"u8, Time);
            if (MemoryMb != Limits.RunMemoryMbDefault) writer.WriteNumber("memoryMb"u8, MemoryMb);
            if (Fixed) writer.WriteBoolean("fixed"u8, Fixed);
            if (OutMb > 0) writer.WriteNumber("outMb"u8, OutMb);
            writer.WriteEndObject();
            writer.Flush();
            return bytes.WrittenCount > "{}".Length ? bytes.WrittenMemory : default;
        }
    }
}
