package import AdjointCore

/// The readers, over bytes in memory that stand for a file: what tests of damaged files call many
/// times a second. `path` is for messages, and names the folder of an index's parts.
package enum MemoryFile {
    /// See `load(from:)`.
    package static func load(_ bytes: [UInt8], path: String) throws(DataFileError) -> StateDict {
        try state(memory(bytes), path: path)
    }

    /// See `TrainingState(from:)`.
    package static func trainingState(
        _ bytes: [UInt8], path: String
    ) throws(DataFileError) -> TrainingState {
        try TrainingState(memory(bytes), path: path)
    }

    /// See `loadMetadata(from:)`.
    package static func metadata(
        _ bytes: [UInt8], path: String
    ) throws(DataFileError) -> [String: String] {
        try SafetensorsHeader(memory(bytes), path: path).metadata
    }

    /// See `CSVTable(readingFrom:)`.
    package static func table(_ bytes: [UInt8], path: String) throws(DataFileError) -> CSVTable {
        try CSVTable(packed: bytes, path: path)
    }

    /// See `IDXArray(readingFrom:)`.
    package static func idx(_ bytes: [UInt8], path: String) throws(DataFileError) -> IDXArray {
        try IDXArray(packed: bytes, path: path)
    }

    private static func memory(_ bytes: [UInt8]) -> FileMemory {
        bytes.withUnsafeBytes { FileMemory(copying: $0) }
    }
}
