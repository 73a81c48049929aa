using Microsoft.Net.Http.Headers;
using Weft.Core.Modules;
using Weft.Http.Errors;

namespace Weft.Http.Api;

/// <summary>Which module types are accepted and served besides WebAssembly: settings.</summary>
internal sealed record ModuleOptions(bool AllowJavaScript, bool AllowPython)
{
    /// <summary>Null: such modules are allowed.</summary>
    public Problem? Refuse(ModuleKind kind) => kind switch
    {
        ModuleKind.JavaScript when !AllowJavaScript => Problems.JavaScriptNotAllowed,
        ModuleKind.Python or ModuleKind.PythonFolder or ModuleKind.Wheel when !AllowPython => Problems.PythonNotAllowed,
        _ => null,
    };
}

/// <summary>The media types of modules.</summary>
internal static class ModuleTypes
{
    private const string Wasm = "application/wasm";
    private const string JavaScript = "text/javascript";
    private const string Python = "text/x-python";
    private const string Zip = "application/zip";
    private const string Wheel = "application/x-wheel+zip";
    private const string Any = "application/octet-stream";

    public const string Expected = $"A module's Content-Type must be {Wasm}, {JavaScript}, {Python}, {Zip} or {Wheel}.";

    public static string Of(ModuleKind kind) => kind switch
    {
        ModuleKind.JavaScript => $"{JavaScript}; charset=utf-8",
        ModuleKind.Python => $"{Python}; charset=utf-8",
        ModuleKind.PythonFolder => Zip,
        ModuleKind.Wheel => Wheel,
        _ => Wasm,
    };

    /// <param name="type">In lower case, without parameters.</param>
    public static bool TryRead(string? type, out ModuleKind kind)
    {
        kind = type switch
        {
            JavaScript => ModuleKind.JavaScript,
            Python => ModuleKind.Python,
            Zip => ModuleKind.PythonFolder,
            Wheel => ModuleKind.Wheel,
            _ => ModuleKind.Wasm,
        };
        return kind != ModuleKind.Wasm || type is Wasm or Any;
    }

    /// <summary>Sends the module's file name; a browser that opens it saves it.</summary>
    public static void NameFile(HttpResponse response, string? name)
    {
        var disposition = new ContentDispositionHeaderValue("attachment");
        if (name is not null) disposition.SetHttpFileName(name);
        response.Headers.ContentDisposition = disposition.ToString();
    }
}
