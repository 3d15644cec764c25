namespace Workbench.Models.Hub;

/// <summary>A transfer that ended before its file did; another attempt goes on from there.</summary>
internal sealed class HubTransferException(string message, Exception? inner = null) : Exception(message, inner);
