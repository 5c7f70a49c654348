import AdjointData
import AdjointFuzzing
import CFuzz
import Foundation

/// The process that reads: input after input, until one fails.
struct FuzzLoop {
    let target: FuzzTarget
    let options: Options
    let folder: String
    private var read = 0
    private var refused = 0
    private var lastRefusal = ""
    /// The most memory that an input took.
    private var peakBytes = 0
    private var digest: UInt64 = 0xCBF2_9CE4_8422_2325

    /// Seconds of processor time that one input may take.
    static let hangLimit = 1

    init(_ target: FuzzTarget, _ options: Options, folder: String) {
        self.target = target
        self.options = options
        self.folder = folder
    }

    /// Reads all inputs. What it finds goes to standard error, its count to standard output.
    mutating func run() throws {
        let seeds = try target.seeds(folder)
        if let input = options.input {
            let bytes = try FileBytes.read(input)
            try take(bytes, 0)
            print("\(target.name): the input was \(read == 1 ? "read" : "refused: \(lastRefusal)")")
            return
        }
        let progress = try Progress(options.progress)
        for number in options.first..<(options.first + options.runs) {
            progress.note(number)
            let bytes = target.input(number, seed: options.seed, of: seeds)
            let before = refused
            do {
                try take(bytes, number)
            } catch {
                print("\(number - options.first) \(read) \(refused) \(peakBytes) \(digest)")
                throw error
            }
            if number < seeds.count, seeds[number].isValid, refused > before {
                throw Failure("seed \(number) of the corpus is refused: \(lastRefusal)")
            }
        }
        print("\(options.runs) \(read) \(refused) \(peakBytes) \(digest)")
    }

    private mutating func take(_ bytes: [UInt8], _ number: Int) throws {
        for byte in bytes { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01B3 }
        // Ends the process by SIGPROF, should the reader not come back.
        limit_processor_time(CInt(Self.hangLimit))
        meter_begin()
        let outcome = try target.run(bytes, in: folder)
        let peak = Int(meter_peak())
        limit_processor_time(0)
        switch outcome {
        case .read: read += 1
        case .refused(let reason):
            refused += 1
            lastRefusal = reason
        }
        let beyond = max(peak - FuzzTarget.memoryBase, 0)
        peakBytes = max(peakBytes, peak)
        guard beyond <= target.memoryFactor * bytes.count else {
            throw Failure("an input of \(bytes.count) bytes took \(peak) bytes of memory")
        }
    }
}

/// What the fuzzer found.
struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// Where another process sees which input is being read.
private struct Progress {
    private let place: UnsafeMutablePointer<Int>

    init(_ path: String?) throws {
        guard let path else {
            place = .allocate(capacity: 1)
            return
        }
        let descriptor = open(path, O_RDWR)
        let memory = mmap(nil, 8, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        guard descriptor >= 0, let memory, memory != MAP_FAILED else {
            throw Failure("\(path) cannot be mapped")
        }
        close(descriptor)
        place = memory.assumingMemoryBound(to: Int.self)
    }

    func note(_ number: Int) { place.pointee = number }
}
