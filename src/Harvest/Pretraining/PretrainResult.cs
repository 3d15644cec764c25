namespace Workbench.Harvest.Pretraining;

/// <summary>What a pretraining run ends with.</summary>
internal sealed record PretrainResult(string Folder, long Parameters, long Steps, long Tokens, double Seconds, double HeldOutLoss, double HeldOutLossPerByte);
