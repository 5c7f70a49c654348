import AdjointData

/// Keeps a file of comma-separated values with a line for each epoch: `History.csv`.
///
/// The file is written anew after each epoch, as a whole, so that a resumed run leaves no line
/// twice and a reader never sees half of one.
public final class CSVLogger: Callback {
    /// Where the file is.
    public let path: String

    /// Writes the history to `path`, a row for each epoch.
    public init(_ path: String) { self.path = path }

    /// - Throws: `DataFileError` where the file cannot be written.
    public func onEpochEnd(_ trainer: Trainer) throws {
        try TextFile.write(trainer.history.csv, to: path)
    }
}
