using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Weft.Client.Map;

namespace Weft.Client;

public sealed partial class WeftClient
{
    /// <summary>
    /// Makes a task of each input and gives what became of it. Inputs are taken no faster than results are read:
    /// at most <see cref="MapOptions.InFlightMax"/> are under way. Whoever stops reading cancels what is unfinished.
    /// </summary>
    /// <param name="inputType">How an input is JSON: the payload.</param>
    /// <param name="outputType">How a result is JSON.</param>
    public async IAsyncEnumerable<MapResult<TInput, TOutput>> MapAsync<TInput, TOutput>(
        IAsyncEnumerable<TInput> inputs, JsonTypeInfo<TInput> inputType, JsonTypeInfo<TOutput> outputType,
        MapOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var chosen = options ?? new();
        // An empty group that nobody knows of, where an answer was lost, does no harm.
        var group = await CreateGroupAsync(chosen.Name, isRepeatable: true, cancellationToken);
        var map = new TaskMap<TInput, TOutput>(this, inputType, outputType, chosen, group.Id);
        await foreach (var result in map.RunAsync(inputs, cancellationToken)) yield return result;
    }

    /// <inheritdoc cref="MapAsync{TInput, TOutput}(IAsyncEnumerable{TInput}, JsonTypeInfo{TInput},
    /// JsonTypeInfo{TOutput}, MapOptions?, CancellationToken)"/>
    public IAsyncEnumerable<MapResult<TInput, TOutput>> MapAsync<TInput, TOutput>(
        IEnumerable<TInput> inputs, JsonTypeInfo<TInput> inputType, JsonTypeInfo<TOutput> outputType,
        MapOptions? options = null, CancellationToken cancellationToken = default) =>
        MapAsync(inputs.ToAsyncEnumerable(), inputType, outputType, options, cancellationToken);
}
