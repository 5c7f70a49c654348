import AdjointCore
import CFuzz
import Foundation

/// The process that calls: function after function, until one call fails.
struct MistakeLoop {
    let options: Options
    let plan: MistakePlan

    /// Seconds of processor time that a call may take, and of any time.
    static let hangLimit = 5
    private static let waitLimit: UInt32 = 120
    /// What tensors may take together, in bytes: more is an error of the library's.
    private static let tensorLimit = 256 << 20
    /// What the process may take of the address space, in bytes: more ends it.
    private static let memoryLimit = 6 << 30

    /// Makes calls number `first` and on. The sweep takes every function once, then again.
    func run() throws {
        limit_memory(Self.memoryLimit)
        TensorMemory.limit(to: Self.tensorLimit)
        let progress = try MistakeProgress(options.progress, plan.calls.count)
        for number in options.first..<(options.first + options.runs) {
            progress.note(number)
            let attempt = plan.attempt(number)
            limit_processor_time(CInt(Self.hangLimit))
            alarm(Self.waitLimit)
            let outcome = try attempt.run()
            limit_processor_time(0)
            switch outcome {
            case .worked: progress.count(worked: plan.function(number))
            case .refused(let text, let isTensorError):
                progress.count(refused: plan.function(number))
                if options.isVerbose, isTensorError {
                    print("\(number)\t\(text)")
                } else if options.isVerbose {
                    print("\(number)")
                }
            }
        }
        alarm(0)
    }

    /// Makes one call where nothing catches its mistake.
    func runOutside() throws {
        limit_memory(Self.memoryLimit)
        TensorMemory.limit(to: Self.tensorLimit)
        alarm(Self.waitLimit)
        try plan.attempt(options.first).runOutside()
    }
}

/// Where another process sees which call is being made, and how often each function worked.
struct MistakeProgress {
    private let place: UnsafeMutablePointer<Int>
    let functions: Int

    static func size(_ functions: Int) -> Int { 8 * (1 + 2 * functions) }

    init(_ path: String?, _ functions: Int) throws {
        self.functions = functions
        guard let path else {
            place = .allocate(capacity: 1 + 2 * functions)
            place.initialize(repeating: 0, count: 1 + 2 * functions)
            return
        }
        let descriptor = open(path, O_RDWR)
        let memory = mmap(
            nil, Self.size(functions), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        guard descriptor >= 0, let memory, memory != MAP_FAILED else {
            throw Failure("\(path) cannot be mapped")
        }
        close(descriptor)
        place = memory.assumingMemoryBound(to: Int.self)
    }

    /// The call that was made last.
    var number: Int { place.pointee }
    func note(_ number: Int) { place.pointee = number }
    func count(worked function: Int) { place[1 + function] += 1 }
    func count(refused function: Int) { place[1 + functions + function] += 1 }
    func worked(_ function: Int) -> Int { place[1 + function] }
    func refused(_ function: Int) -> Int { place[1 + functions + function] }
}
