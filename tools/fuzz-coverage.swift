// What libFuzzer calls: the reader that ADJOINT_FUZZ_READER names, and what must hold for it.
import AdjointFuzzing
import Foundation

private let environment = ProcessInfo.processInfo.environment

private let target: FuzzTarget = {
    let name = environment["ADJOINT_FUZZ_READER"] ?? ""
    guard let target = FuzzTarget.all.first(where: { $0.name == name }) else {
        fatalError("there is no reader \(name)")
    }
    return target
}()

private let folder: String = {
    do { return try FuzzFile.makeFolder() } catch { fatalError("\(error)") }
}()

/// Writes the seeds into the folder of the corpus, before libFuzzer reads it.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(_ count: UnsafeRawPointer?, _ words: UnsafeRawPointer?) -> CInt {
    do {
        let seeds = try target.seeds(folder)
        for i in seeds.indices {
            let bytes = target.input(i, seed: 0, of: seeds)
            try FuzzFile.write(bytes, to: environment["ADJOINT_FUZZ_CORPUS"]! + "/seed-\(i)")
        }
    } catch { fatalError("\(error)") }
    return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    do { _ = try target.run(bytes, in: folder) } catch { fatalError("\(error)") }
    return 0
}
