/// A reader of files, and what must hold for whatever it is given: it throws its own error, or what
/// it gives can be written and read back equal.
public struct FuzzTarget: Sendable {
    /// What an input came to.
    public enum Outcome: Sendable {
        /// A value that was written back and read equal.
        case read
        /// With the error's text.
        case refused(String)
    }

    /// Something that must hold does not.
    public struct Violation: Error, CustomStringConvertible {
        public let description: String
        init(_ description: String) { self.description = description }
    }

    /// The reader's name on the command line: "npy".
    public let name: String
    /// The seeds are made by the library's writers, in the folder given.
    let makeSeeds: @Sendable (String) throws -> [FuzzSeed]
    let tokens: [String]
    let openers: [String]
    /// The most bytes of memory that reading and writing back takes for a byte of input, beside
    /// `memoryBase`.
    public let memoryFactor: Int
    /// Reads, and checks what was read. The folder is for files to be written to.
    let check: @Sendable ([UInt8], String) throws -> Void
    /// Whether an error is one that the reader may throw.
    let isRefusal: @Sendable (any Error) -> Bool

    /// What reading may take whatever the input: buffers, tables, libraries that are loaded.
    public static let memoryBase = 2 << 20

    /// The valid files that inputs are made of, made in `folder`.
    public func seeds(_ folder: String) throws -> [FuzzSeed] { try makeSeeds(folder) }

    /// The input of this number: the seeds as they are, then mutants.
    public func input(_ number: Int, seed: UInt64, of seeds: [FuzzSeed]) -> [UInt8] {
        if number < seeds.count { return seeds[number].bytes }
        var mutator = FuzzMutator(
            random: FuzzRandom(seed: seed, input: number), tokens: tokens.map { Array($0.utf8) },
            openers: openers.map { Array($0.utf8) })
        return mutator.mutant(of: seeds)
    }

    /// Gives `bytes` to the reader.
    ///
    /// - Throws: `Violation` where something does not hold.
    public func run(_ bytes: [UInt8], in folder: String) throws(Violation) -> Outcome {
        do {
            try check(bytes, folder)
            return .read
        } catch let violation as Violation {
            throw violation
        } catch {
            guard isRefusal(error) else {
                throw Violation("the reader threw \(type(of: error)): \(error)")
            }
            let reason = "\(error)"
            guard !reason.contains(where: \.isNewline) else {
                throw Violation("the error has several lines: \(reason)")
            }
            return .refused(reason)
        }
    }

    /// The reader of this name; saboteurs have theirs too.
    public static func named(_ name: String) -> FuzzTarget? {
        (all + saboteurs).first { $0.name == name }
    }

    /// All of them.
    public static let all: [FuzzTarget] = [
        safetensors, index, trainingState, npy, npz, pt, idx, csv, gzip, lines, png, jpeg, trace,
        traceTools, expression,
    ]
}
