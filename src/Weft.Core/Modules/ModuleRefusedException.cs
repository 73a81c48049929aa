namespace Weft.Core.Modules;

/// <summary>Why a module can't be run, whoever tries and however often: one sentence for people.</summary>
public sealed class ModuleRefusedException(string message) : Exception(message);
