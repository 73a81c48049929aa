namespace Weft.Torture.Load;

/// <summary>A client that does one thing after the other.</summary>
internal interface ILoadClient
{
    /// <returns>False when the coordinator is gone.</returns>
    Task<bool> StepAsync();
}
