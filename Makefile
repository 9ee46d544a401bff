# One word for each thing one does with tailrace. cmake and ninja do the work; this only sets up what
# is missing and names it.
PREFIX ?= /usr/local
JOBS := $(shell nproc 2>/dev/null || echo 2)
CMAKE_FLAGS ?=

.PHONY: build demo test test-long bench fuzz install man format clean

build: build/build.ninja
	@cmake --build build --parallel $(JOBS) --target tailrace clickstream

# Installs what is missing, once: quick when there is nothing to do.
build/build.ninja: setup/packages.txt setup/install.sh
	@bash setup/install.sh
	@cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo $(CMAKE_FLAGS)
	@touch $@

demo: build
	@bash setup/demo.sh build/tailrace

test: build/build.ninja
	@cmake --build build --parallel $(JOBS)
	ctest --test-dir build --output-on-failure --parallel $(JOBS)

test-long: build
	@bash setup/long_test.sh

bench: build
	@bash setup/python.sh
	@if [ -e tests/bench/run.sh ]; then bash tests/bench/run.sh build/tailrace; \
	 else echo "There is no tests/bench/run.sh yet."; fi

fuzz:
	@bash setup/install.sh
	@bash setup/install.sh setup/fuzz-packages.txt
	@bash setup/fuzz.sh

install: build
	@DESTDIR="$(DESTDIR)" cmake --install build --prefix "$(PREFIX)"

# Writes the OPTIONS section of the man page from the flag table.
man: build
	@python3 tests/tidy/man_options.py build/tailrace man/tailrace.1 --rewrite

format:
	@format=$$(command -v clang-format-19 || command -v clang-format) || \
	  { echo "Install clang-format-19 (apt-get install clang-format-19), then run make format again."; exit 1; }; \
	git ls-files '*.h' '*.cc' | xargs "$$format" -i

clean:
	rm -rf build build-asan build-tsan build-fuzz
