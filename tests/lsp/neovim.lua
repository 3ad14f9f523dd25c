-- Neovim's own client, 0.7 or newer, without a plugin: a squiggle, its fix, and no squiggle. Run by test_neovim.py, with
-- SERVER holding the command that starts the server.
local config = { name = 'samedevice', cmd = vim.split(vim.env.SERVER, '|', { plain = true }), root_dir = vim.fn.getcwd() }

local function say(...)
  io.stdout:write(string.format(...) .. '\n')
end

local function finish(good)
  vim.cmd(good and 'qall!' or 'cquit!')
end

local client
if vim.lsp.start then
  client = vim.lsp.start(config)
else -- before 0.8
  client = vim.lsp.start_client(config)
  vim.lsp.buf_attach_client(0, client)
end

local function found()
  return vim.diagnostic.get(0)
end

if not client or not vim.wait(30000, function() return #found() > 0 end, 20) then
  say('no diagnostics')
  return finish(false)
end

local first = found()[1]
say('%d:%d: %s [%s]', first.lnum + 1, first.col + 1, first.message, first.source)

local position = { line = first.lnum, character = first.col }
local range = { start = position, ['end'] = { line = first.end_lnum, character = first.end_col } }
local document = vim.lsp.util.make_text_document_params(0)

for _, reply in pairs(vim.lsp.buf_request_sync(0, 'textDocument/hover', {
  textDocument = document, position = { line = 1, character = 0 },
}, 10000) or {}) do
  say('hover: %s', vim.split(reply.result.contents.value, '\n')[2])
end

for _, reply in pairs(vim.lsp.buf_request_sync(0, 'textDocument/codeAction', {
  textDocument = document, range = range, context = { diagnostics = {} },
}, 10000) or {}) do
  for index, action in ipairs(reply.result or {}) do
    if index == 1 then
      say('fix: %s', action.title)
      vim.lsp.util.apply_workspace_edit(action.edit, 'utf-16')
    end
  end
end

say('line: %s', vim.fn.getline(first.lnum + 1))
local gone = vim.wait(10000, function() return #found() == 0 end, 20)
say('afterwards: %d', #found())
vim.lsp.stop_client(client)
finish(gone)
