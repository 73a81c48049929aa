using Weft.Core;
using Weft.Core.Modules;

namespace Weft.Http.Api;

/// <summary>Reads the files that a task finds, and those that it wrote.</summary>
internal static class FileReader
{
    private static readonly MemberNames Names = new("path", "blob", "size");
    private static readonly uint OfFile = Names.Mask("path", "blob");
    private static readonly uint OfOutput = Names.Mask("path", "blob", "size");

    /// <summary>Null for none.</summary>
    public static FileSet? Files(ref StrictJson json) => Read(ref json, isOutput: false, Limits.FilesMax, "files");

    /// <summary>Null for none.</summary>
    public static FileSet? Outputs(ref StrictJson json) => Read(ref json, isOutput: true, Limits.OutputsMax, "outputs");

    private static FileSet? Read(ref StrictJson json, bool isOutput, int max, string member)
    {
        var files = new List<TaskFile>();
        if (!json.BeginArray()) return null;
        while (json.NextItem())
        {
            if (files.Count == max) json.Fail($"{member} must have at most {max} items.");
            files.Add(ReadOne(ref json, isOutput));
        }

        if (json.Fault is null && FilePath.FindClash(files.Select(static file => file.Path)) is { } clash)
            json.Fail(clash);
        return json.Fault is null && files.Count > 0 ? new(files) : null;
    }

    private static TaskFile ReadOne(ref StrictJson json, bool isOutput)
    {
        var (path, blob, size) = ("", default(ModuleHash), (long?)null);
        var seen = 0u;
        if (!json.BeginObject()) return default;
        while (json.NextMember(Names, ref seen) is { } name)
        {
            if (name == "path") path = json.Text(Limits.FilePathBytesMax);
            else if (name == "size") size = json.Integer(0, long.MaxValue);
            else if (!ModuleHash.TryParse(json.AnyString(), out blob))
                json.Fail("blob must be a blob's SHA-256: 64 lowercase hex digits.");
        }

        if (seen != (isOutput ? OfOutput : OfFile))
            json.Fail(isOutput ? "An output must have a path, a blob and a size."
                : "A file must have a path and a blob.");
        else if ((isOutput ? FilePath.FindOutputFault(path) : FilePath.FindFault(path)) is { } fault) json.Fail(fault);
        return new(path, blob, size);
    }
}
