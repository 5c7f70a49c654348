// Return addresses become "File.swift:12" here. Goals in order: to name the line that the user of
// the library wrote; never to guess; to cost nothing until an error is told.

import Synchronization

#if os(Linux) && canImport(Runtime)
    @_spi(Internal) import Runtime
#endif

/// Names the calls of traces.
enum SourceLines {
    /// One call of a trace; several at one address where the compiler merged functions.
    struct Call: Sendable {
        let path: String
        let line: Int
        let column: Int
        let function: String
        let isThunk: Bool

        var fileName: String { path.split(separator: "/").last.map(String.init) ?? path }
        /// True for code that a macro made, which the compiler keeps in a file of its own.
        var isExpansion: Bool { fileName.hasPrefix("@__swiftmacro_") }
    }

    private static let known = Mutex<[UInt: [Call]]>([:])

    /// The folders of the library's own sources: calls from there are not the user's. The compiler
    /// writes whole paths, or paths from the package's root.
    private static let folders: [String] = {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        let root = parts.dropLast(5).map { $0 + "/" }.joined()
        let modules = [
            "AdjointCore", "AdjointNN", "AdjointOptim", "AdjointData", "AdjointTesting",
            "AdjointTrainer", "AdjointTrace", "Adjoint",
        ].map { "Sources/\($0)/" }
        return modules + modules.map { root + $0 }
    }()

    private static func isLibrary(_ path: String) -> Bool {
        folders.contains { path.hasPrefix($0) }
    }

    /// How to switch on the recording of lines; the last sentence of errors without them.
    static let howTo =
        "To see the source lines, run this inside detectAnomaly { } or with ADJOINT_DEBUG=1"

    /// The innermost call outside the library.
    static func userLine(of trace: Trace) -> String {
        prepare([trace])
        let places = known.withLock { known in trace.addresses.map { known[$0] ?? [] } }
        for calls in places {
            // Where a macro was expanded inline, the line that holds the macro follows it.
            guard
                let call = calls.first(where: { isUser($0) && !$0.isExpansion })
                    ?? calls.first(where: isUser)
            else { continue }
            return call.isExpansion ? macroLine(call) : "\(call.fileName):\(call.line)"
        }
        for call in places.joined()
        where !call.function.isEmpty && !call.isThunk && call.path.isEmpty {
            return "\(call.function) (its line is unknown: build with -g)"
        }
        return unknown(trace)
    }

    /// The types whose `callAsFunction` was running, outermost first: the path of modules.
    static func modules(of trace: Trace) -> [String] {
        var found: [String] = []
        for call in calls(of: trace).reversed() where !call.isThunk {
            guard let end = call.function.firstRange(of: ".callAsFunction(") else { continue }
            let type = call.function[..<end.lowerBound].split(separator: " ").last ?? ""
            let name = String(type.split(separator: ".").last ?? type)
            if !name.isEmpty, found.last != name { found.append(name) }
        }
        return found
    }

    /// Looks the addresses of many traces up at once, which is much cheaper than one by one.
    static func prepare(_ traces: some Sequence<Trace>) {
        var missing: Set<UInt> = []
        known.withLock { known in
            for trace in traces {
                for address in trace.addresses where known[address] == nil {
                    missing.insert(address)
                }
            }
        }
        if missing.isEmpty { return }
        let sorted = missing.sorted()
        let found = MappedMemory.exclusively { lookUp(sorted) }
        known.withLock { known in
            for address in missing { known[address] = found[address] ?? [] }
        }
    }

    static func calls(of trace: Trace) -> [Call] {
        prepare([trace])
        return known.withLock { known in trace.addresses.flatMap { known[$0] ?? [] } }
    }

    static func isUser(_ call: Call) -> Bool {
        // Paths of C files may be relative; the library's functions there start alike.
        call.line > 0 && !call.isThunk && !call.path.isEmpty && !isLibrary(call.path)
            && !call.path.hasSuffix("<compiler-generated>") && !call.function.hasPrefix("adj_")
    }

    /// The line of a macro whose expansion made the call, from the name that the compiler gives
    /// the expansion's file: module, punycoded file name, then MX and the line from 0.
    private static func macroLine(_ call: Call) -> String {
        macroPlace(call).map { "\($0.file):\($0.line) (in a macro there)" }
            ?? "\(call.fileName):\(call.line)"
    }

    static func macroPlace(_ call: Call) -> (file: String, line: Int)? {
        guard
            let match = call.fileName.firstMatch(
                of: /[0-9]{4}([A-Za-z]\w*?)swift_\w*?MX([0-9]+)_/), let line = Int(match.2)
        else { return nil }
        return ("\(match.1).swift", line + 1)
    }

    private static func unknown(_ trace: Trace) -> String {
        guard let first = trace.addresses.dropFirst(4).first ?? trace.addresses.first else {
            return "a line that this platform cannot tell"
        }
        return "a line without debug information, near address 0x" + String(first, radix: 16)
    }

    #if os(Linux) && canImport(Runtime)
        private static var architecture: String {
            #if arch(arm64)
                "arm64"
            #elseif arch(x86_64)
                "x86_64"
            #elseif arch(arm)
                "arm"
            #else
                "i386"
            #endif
        }

        private static func lookUp(_ addresses: [UInt]) -> [UInt: [Call]] {
            let frames = addresses.map { RichFrame<UInt64>.returnAddress(UInt64($0)) }
            let images = ImageMap.capture()
            let trace = Backtrace(architecture: architecture, frames: frames, images: images)
            guard let named = trace.symbolicated(with: images) else { return [:] }
            var found: [UInt: [Call]] = [:]
            for frame in named.frames {
                guard let address = UInt(frame.captured.originalProgramCounter),
                    let symbol = frame.symbol
                else { continue }
                let place = symbol.sourceLocation
                found[address, default: []].append(
                    Call(
                        path: place?.path ?? "", line: place?.line ?? 0,
                        column: place?.column ?? 0, function: symbol.name,
                        isThunk: frame.isSwiftThunk || frame.isSwiftRuntimeFailure))
            }
            return found
        }
    #else
        private static func lookUp(_ addresses: [UInt]) -> [UInt: [Call]] { [:] }
    #endif
}
