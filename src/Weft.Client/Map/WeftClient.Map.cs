using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Weft.Client.Map;

namespace Weft.Client;

public sealed partial class WeftClient
{
    /// <summary>
    /// Submits a task for each input and returns the outcomes. Inputs are read no faster than results: at most
    /// <see cref="MapOptions.InFlightMax"/> are in flight. If the caller stops reading, unfinished tasks are cancelled.
    /// </summary>
    /// <param name="inputType">How to write an input as JSON: the payload.</param>
    /// <param name="outputType">How to read a result from JSON.</param>
    public async IAsyncEnumerable<MapResult<TInput, TOutput>> MapAsync<TInput, TOutput>(
        IAsyncEnumerable<TInput> inputs, JsonTypeInfo<TInput> inputType, JsonTypeInfo<TOutput> outputType,
        MapOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var chosen = options ?? new();
        // If the response is lost, an unused empty group is left behind, which does no harm.
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
