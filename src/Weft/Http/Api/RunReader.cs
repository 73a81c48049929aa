using System.Buffers;
using System.Text;
using System.Text.Json;
using Weft.Core;
using Weft.Core.Modules;

namespace Weft.Http.Api;

/// <summary>Reads which module to run, and with what.</summary>
internal static class RunReader
{
    private static readonly MemberNames Names = new("args", "env", "timeoutSeconds", "memoryMb", "fixed", "files");

    private static readonly MemberNames FileNames = new("path", "blob");
    private static readonly uint BothFileNames = FileNames.Mask("path", "blob");

    public static ModuleHash Module(ref StrictJson json)
    {
        if (!ModuleHash.TryParse(json.AnyString(), out var hash))
            json.Fail("module must be a module's SHA-256: 64 lowercase hex digits.");
        return hash;
    }

    /// <summary>
    /// The object without files and members that have their default, as <see cref="ModuleCall.Run"/>; empty when none
    /// is left.
    /// </summary>
    /// <param name="json">Is there.</param>
    /// <param name="files">Null for none.</param>
    public static ReadOnlyMemory<byte> Run(ref StrictJson json, out FileSet? files)
    {
        files = null;
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
                case "files": files = Files(ref json); break;
            }
        }

        if (run.Texts.Sum(Encoding.UTF8.GetByteCount) > Limits.RunBytesMax)
            json.Fail($"run must have at most {Limits.RunBytesMax} bytes of args and env.");
        // The module gets these as C strings.
        if (run.Texts.Any(static text => text.Contains('\0'))) json.Fail("args and env can't have NUL characters.");
        if (run.Env.Any(static variable => variable.Key.Length == 0 || variable.Key.Contains('=')))
            json.Fail("The names in env can't be empty or have an equals sign.");
        return json.Fault is null ? run.Write() : default;
    }

    private static FileSet? Files(ref StrictJson json)
    {
        var files = new List<TaskFile>();
        if (!json.BeginArray()) return null;
        while (json.NextItem())
        {
            if (files.Count == Limits.FilesMax) json.Fail($"files must have at most {Limits.FilesMax} items.");
            files.Add(File(ref json));
        }

        if (json.Fault is null && FilePath.FindClash(files.Select(static file => file.Path)) is { } clash)
            json.Fail(clash);
        return json.Fault is null && files.Count > 0 ? new(files) : null;
    }

    private static TaskFile File(ref StrictJson json)
    {
        var (path, blob) = ("", default(ModuleHash));
        var seen = 0u;
        if (!json.BeginObject()) return default;
        while (json.NextMember(FileNames, ref seen) is { } name)
        {
            if (name == "path") path = json.Text(Limits.FilePathBytesMax);
            else if (!ModuleHash.TryParse(json.AnyString(), out blob))
                json.Fail("blob must be a blob's SHA-256: 64 lowercase hex digits.");
        }

        if (seen != BothFileNames) json.Fail("A file has a path and a blob.");
        else if (FilePath.FindFault(path) is { } fault) json.Fail(fault);
        return new(path, blob);
    }

    private struct Draft()
    {
        public List<string> Args = [];
        public List<KeyValuePair<string, string>> Env = [];
        public TimeSpan Time = Limits.RunTimeDefault;
        public int MemoryMb = Limits.RunMemoryMbDefault;
        public bool Fixed;

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
            writer.WriteEndObject();
            writer.Flush();
            return bytes.WrittenCount > "{}".Length ? bytes.WrittenMemory : default;
        }
    }
}
