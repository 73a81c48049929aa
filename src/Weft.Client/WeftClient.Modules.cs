using System.Security.Cryptography;
using System.Text.Json;
using Weft.Client.Http;
using Weft.Contracts;

namespace Weft.Client;

/// <content>Manage modules: programs that workers run on payloads.</content>
public sealed partial class WeftClient
{
    /// <summary>The media type of WebAssembly modules.</summary>
    public const string WasmType = "application/wasm";

    /// <summary>
    /// The media type of JavaScript modules, which a coordinator accepts only if its operator has allowed them.
    /// </summary>
    public const string JavaScriptType = "text/javascript";

    /// <summary>
    /// The media type of Python modules, which a coordinator accepts if its operator has allowed them, or if it is open
    /// on loopback.
    /// </summary>
    public const string PythonType = "text/x-python";

    /// <summary>The media type of Python modules that are zipped folders, whose <c>task.py</c> is the script.</summary>
    public const string PythonFolderType = "application/zip";

    /// <summary>
    /// The media type of packages for Python modules: wheels, named like their file, such as
    /// <c>idna-3.4-py3-none-any.whl</c>.
    /// </summary>
    public const string WheelType = "application/x-wheel+zip";

    /// <summary>Pushes a module. If the coordinator already has it, nothing changes.</summary>
    /// <param name="module">Up to 64 MiB.</param>
    /// <param name="name">Human-readable, 1 to 128 characters; null for none.</param>
    /// <param name="type"><see cref="WasmType"/>, <see cref="JavaScriptType"/>, <see cref="PythonType"/>,
    /// <see cref="PythonFolderType"/> or <see cref="WheelType"/>.</param>
    /// <returns>Its <see cref="ModuleInfo.Sha256"/> is the value for <see cref="SubmitOptions.Module"/>.</returns>
    public Task<ModuleInfo> PushModuleAsync(byte[] module, string? name = null, string type = WasmType,
        CancellationToken cancellationToken = default)
    {
        var request = WeftRequest.Put($"modules{(name is null ? "" : $"?name={Uri.EscapeDataString(name)}")}",
            module, type);
        return Api.SendAsync(request, WireJson.Default.ModuleInfo, cancellationToken);
    }

    /// <summary>Downloads a module. If the bytes don't match the hash, the download is retried.</summary>
    /// <param name="sha256">64 lowercase hex digits.</param>
    public Task<ModuleFile> GetModuleAsync(string sha256, CancellationToken cancellationToken = default) =>
        Api.SendAsync(WeftRequest.Get($"modules/{Uri.EscapeDataString(sha256)}"), async (response, until) =>
        {
            await using var body = new BoundedAnswer(await response.Content.ReadAsStreamAsync(until));
            using var bytes = new MemoryStream();
            await body.CopyToAsync(bytes, until);
            var module = bytes.ToArray();
            if (Convert.ToHexStringLower(SHA256.HashData(module)) != sha256)
            {
                throw new JsonException("The bytes don't match the module's hash.");
            }
            var headers = response.Content.Headers;
            return new ModuleFile(module, headers.ContentType?.MediaType ?? "",
                headers.ContentDisposition?.FileNameStar);
        }, cancellationToken);

    /// <summary>Lists the modules, oldest first.</summary>
    public async Task<IReadOnlyList<ModuleInfo>> ListModulesAsync(CancellationToken cancellationToken = default) =>
        (await Api.SendAsync(WeftRequest.Get("modules"), WireJson.Default.ModuleList, cancellationToken)).Modules;

    /// <summary>
    /// Sets a queue's module and files: tasks submitted to the queue from now on use them unless they name their own.
    /// </summary>
    public Task<QueueModule> SetQueueModuleAsync(string queue, QueueModule module,
        CancellationToken cancellationToken = default) =>
        Api.SendAsync(WeftRequest.Put($"{QueuePath(queue)}/module", module, WireJson.Default.QueueModule),
            WireJson.Default.QueueModule, cancellationToken);
}

/// <summary>A downloaded module.</summary>
/// <param name="Type"><see cref="WeftClient.WasmType"/>, <see cref="WeftClient.JavaScriptType"/>,
/// <see cref="WeftClient.PythonType"/>, <see cref="WeftClient.PythonFolderType"/> or
/// <see cref="WeftClient.WheelType"/>.</param>
/// <param name="Name">Human-readable; null if the coordinator doesn't send it. It does for Python modules.</param>
public sealed record ModuleFile(byte[] Bytes, string Type, string? Name);
