using System.Security.Cryptography;
using System.Text.Json;
using Weft.Client.Http;
using Weft.Contracts;

namespace Weft.Client;

/// <content>Manage modules: programs that workers run on payloads.</content>
public sealed partial class WeftClient
{
    /// <summary>The type of WebAssembly modules.</summary>
    public const string WasmType = "application/wasm";

    /// <summary>
    /// The type of JavaScript modules, which a coordinator takes only when its owner has allowed them.
    /// </summary>
    public const string JavaScriptType = "text/javascript";

    /// <summary>
    /// The type of Python modules, which a coordinator takes if its owner has allowed them, or it is open on loopback.
    /// </summary>
    public const string PythonType = "text/x-python";

    /// <summary>The type of Python modules that are zipped folders, whose <c>task.py</c> is the script.</summary>
    public const string PythonFolderType = "application/zip";

    /// <summary>
    /// The type of packages for Python modules: wheels, whose name must be that of their file, such as
    /// <c>idna-3.4-py3-none-any.whl</c>.
    /// </summary>
    public const string WheelType = "application/x-wheel+zip";

    /// <summary>Pushes a module; one that is known stays.</summary>
    /// <param name="module">Up to 64 MiB.</param>
    /// <param name="name">For people, 1 to 128 characters; null for none.</param>
    /// <param name="type"><see cref="WasmType"/>, <see cref="JavaScriptType"/>, <see cref="PythonType"/>,
    /// <see cref="PythonFolderType"/> or <see cref="WheelType"/>.</param>
    /// <returns>Its <see cref="ModuleInfo.Sha256"/> is what <see cref="SubmitOptions.Module"/> takes.</returns>
    public Task<ModuleInfo> PushModuleAsync(byte[] module, string? name = null, string type = WasmType,
        CancellationToken cancellationToken = default)
    {
        var request = WeftRequest.Put($"modules{(name is null ? "" : $"?name={Uri.EscapeDataString(name)}")}",
            module, type);
        return Api.SendAsync(request, WireJson.Default.ModuleInfo, cancellationToken);
    }

    /// <summary>Fetches a module. Bytes that don't match the hash are fetched again, as if they hadn't come.</summary>
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
                throw new JsonException("Its bytes don't match the module's hash.");
            }
            var headers = response.Content.Headers;
            return new ModuleFile(module, headers.ContentType?.MediaType ?? "",
                headers.ContentDisposition?.FileNameStar);
        }, cancellationToken);

    /// <summary>Lists the modules, the oldest first.</summary>
    public async Task<IReadOnlyList<ModuleInfo>> ListModulesAsync(CancellationToken cancellationToken = default) =>
        (await Api.SendAsync(WeftRequest.Get("modules"), WireJson.Default.ModuleList, cancellationToken)).Modules;

    /// <summary>
    /// From now on tasks submitted to the queue run this module and find these files, unless they name others.
    /// </summary>
    public Task<QueueModule> SetQueueModuleAsync(string queue, QueueModule module,
        CancellationToken cancellationToken = default) =>
        Api.SendAsync(WeftRequest.Put($"{QueuePath(queue)}/module", module, WireJson.Default.QueueModule),
            WireJson.Default.QueueModule, cancellationToken);
}

/// <summary>A module that was fetched.</summary>
/// <param name="Type"><see cref="WeftClient.WasmType"/>, <see cref="WeftClient.JavaScriptType"/>,
/// <see cref="WeftClient.PythonType"/>, <see cref="WeftClient.PythonFolderType"/> or
/// <see cref="WeftClient.WheelType"/>.</param>
/// <param name="Name">For people; null where the coordinator doesn't say, which it does for Python modules.</param>
public sealed record ModuleFile(byte[] Bytes, string Type, string? Name);
